const { getCall } = require('./callfire');
const { dropped } = require('./emits');

exports.process = dropped(getCall);
