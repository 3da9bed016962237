// Executes an operation of CallFire's API description with swagger-client, as earlier connectors do.
const fs = require('fs');
const SwaggerClient = require('swagger-client');

const spec = JSON.parse(fs.readFileSync(process.env.BENCH_DESCRIPTION, 'utf8'));

exports.execute = async (operationId, parameters, { username, password }) => {
  const securities = { authorized: { basicAuth: { username, password } }, specSecurity: spec.security };
  const response = await SwaggerClient.execute({ spec, operationId, parameters, securities });
  return JSON.parse(response.text);
};

exports.getCall = ({ id }, config) => exports.execute('getCall', { id }, config);

exports.sendTexts = ({ recipients }, config) => exports.execute('sendTexts', { body: recipients }, config);
