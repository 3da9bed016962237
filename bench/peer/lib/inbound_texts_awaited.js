const { pages } = require('./polling');

exports.process = async function process(message, config) {
  for await (const texts of pages(config)) {
    for (const body of texts) {
      await this.emit('data', { body });
    }
  }
};
