# The platform builds this image after a git push and runs one container per step.
#
# Known: the platform starts images through tini. Assumed: the platform runs the CMD of an image without Node.js. If it
# runs the command of its Node.js images instead, the launchers in docker/ start the same program.
#
# BASE contains Python 3.11 or newer and apt-get. BUILD_BASE is the same system with the module venv.
ARG BASE=python:3.11-slim
ARG BUILD_BASE=$BASE

FROM $BUILD_BASE AS packages
WORKDIR /opt
COPY requirements/build.lock requirements/container.lock ./
RUN python3 -m venv tools && tools/bin/pip install --no-cache-dir --require-hashes --requirement build.lock
COPY sdk sdk
RUN tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels ./sdk
RUN python3 -m venv --without-pip packages \
    && tools/bin/pip --python packages install --no-cache-dir --no-compile --require-hashes --requirement container.lock \
    && tools/bin/pip --python packages install --no-cache-dir --no-compile --no-deps wheels/*.whl
# Place names and operators of phone numbers, 43 MB that the connector does not use; type stubs; sources of C extensions.
RUN cd packages/lib/python3*/site-packages \
    && rm -r phonenumbers/geodata phonenumbers/geocoder.* phonenumbers/carrierdata phonenumbers/carrier.* \
    && find . -name '*.pyi' -delete \
    && find lxml -type f '(' -name '*.h' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.pyx' ')' -delete \
    && python3 -m compileall -q .

FROM $BASE
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && useradd --system --uid 10001 component \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/ensurepip /usr/local/lib/python3*/site-packages/*
COPY --from=packages /opt/packages /opt/packages
ENV PATH=/opt/packages/bin:$PATH
WORKDIR /component
COPY docker/node docker/npm /usr/local/bin/
COPY component.json logo.png verify_credentials.py ./
COPY schemas schemas
COPY lib lib
# The user below must not write here. Without this line, each start of a step compiles the code again.
RUN python -m compileall -q lib verify_credentials.py
# The number, because Kubernetes cannot tell whether a name is root.
USER 10001
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["elasticio", "run"]
