const { getCall } = require('./callfire');
const { awaited } = require('./emits');

exports.process = awaited(getCall);
