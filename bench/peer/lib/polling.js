// Lists inbound texts page by page, like a polling trigger of an earlier connector.
const { execute } = require('./callfire');

exports.pages = async function* pages(config) {
  const limit = Number(config.pageSize);
  for (let offset = 0; ; offset += limit) {
    const parameters = { inbound: true, intervalBegin: Number(config.startTime), limit, offset };
    const { items = [] } = await execute('findTexts', parameters, config);
    yield items;
    if (items.length < limit) return;
  }
};
