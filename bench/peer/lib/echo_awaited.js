const { awaited } = require('./emits');

exports.process = awaited((body) => body);
