const { sendTexts } = require('./callfire');
const { dropped } = require('./emits');

exports.process = dropped(sendTexts);
