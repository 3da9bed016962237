#!/bin/sh
# Install headless Chromium and its driver for the test of the sandbox's web page, where that can be done.
set -eu
if command -v chromedriver >/dev/null && command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null 2>&1 && exit 0
    apt-get update -qq >/dev/null
    apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null
    exit 0
fi
echo "The test of the sandbox's web page needs Chromium and chromedriver; on Debian or Ubuntu:" \
     "apt-get install chromium chromium-driver" >&2
exit 1
