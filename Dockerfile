# The platform builds this image after a git push and runs one container per step.
#
# Known: the platform starts images through tini. Assumed: the platform runs the CMD of an image without Node.js. If it
# runs the command of its Node.js images instead, the launchers in docker/ start the same program.

FROM python:3.11-slim AS sdk
WORKDIR /build
COPY requirements/build.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement build.lock
COPY sdk sdk
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels ./sdk

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system component
WORKDIR /component
COPY requirements/container.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement container.lock
COPY --from=sdk /build/wheels wheels
RUN pip install --no-cache-dir --no-deps wheels/*.whl && rm -r wheels
COPY docker/node docker/npm /usr/local/bin/
COPY component.json logo.png verify_credentials.py ./
COPY schemas schemas
COPY lib lib
# The user below must not write here. Without this line, each start of a step compiles the code again.
RUN python -m compileall -q lib verify_credentials.py
USER component
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["elasticio", "run"]
