// The twin of tell.py.
exports.process = async (message) => ({ body: { message: { body: message.body, headers: message.headers } } });
