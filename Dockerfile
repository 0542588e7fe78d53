# The embedded server by itself:
#   docker build -t secmaster-mock . && docker run --rm --read-only -p 8080:8080 secmaster-mock
# With a memory: ... --read-only -v secmaster-state:/state secmaster-mock --state /state/instances.db
# contract_tests/test_mock/test_dockerfile.py takes these steps without Docker.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/mock
COPY requirements/contract.txt requirements/
RUN /opt/mock/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/contract.txt
COPY . .
RUN /opt/mock/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation ./contract_tests

FROM python:3.13-slim
COPY --from=build /opt/mock /opt/mock
RUN install -d -o 65532 -g 65532 /state
USER 65532:65532
WORKDIR /state
VOLUME /state
ENV PYTHONDONTWRITEBYTECODE=1
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/opt/mock/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["/opt/mock/bin/secmaster-contract", "mock", "--host", "0.0.0.0", "--port", "8080"]
