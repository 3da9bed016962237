const { pages } = require('./polling');

exports.process = async function process(message, config) {
  for await (const texts of pages(config)) {
    texts.forEach((body) => this.emit('data', { body }));
  }
};
