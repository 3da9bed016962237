const { dropped } = require('./emits');

exports.process = dropped((body) => body);
