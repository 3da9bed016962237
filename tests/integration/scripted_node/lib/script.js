// The twin of script.py: an action that does what its message says.
exports.process = async function process(message, config, snapshot) {
  const script = message.body;
  for (const [event, payload] of script.emit || []) {
    await this.emit(event, JSON.parse(JSON.stringify(payload))); // the sailor writes into what it is given
  }
  if (script.tell || config.tell) {
    const seen = { body: message.body, headers: message.headers, passthrough: message.passthrough || {} };
    await this.emit('data', { body: { message: seen, config, snapshot, variables: this.getFlowVariables() } });
  }
  if ('mark' in script) {
    await this.emit('data', { body: { mark: script.mark } });
  }
  if ('raise' in script) {
    throw new TypeError(script.raise);
  }
};
exports.startup = async (config) => config.startup;
