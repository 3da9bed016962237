// The twin of fail.py.
exports.process = async () => {
  throw new Error('as always');
};
