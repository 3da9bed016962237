const { sendTexts } = require('./callfire');
const { awaited } = require('./emits');

exports.process = awaited(sendTexts);
