"""Trusted certificate authorities: those that the environment names, else the system's, else certifi's."""

import errno
import functools
import os
import ssl
from pathlib import Path


def tls_context() -> ssl.SSLContext:
    """Return the TLS context for connections, cached for each value of the variables.

    REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file or a folder of authorities. OpenSSL reads SSL_CERT_FILE and
    SSL_CERT_DIR. certifi is the fallback for systems without authorities, such as small images. Raises OSError if the
    named file does not exist or cannot be read.
    """
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or ""
    if bundle and not Path(bundle).exists():
        raise FileNotFoundError(errno.ENOENT, "no certificate authorities; correct REQUESTS_CA_BUNDLE", bundle)
    return _context(bundle)


@functools.lru_cache(maxsize=4)
def _context(bundle: str) -> ssl.SSLContext:
    if bundle:
        folder = Path(bundle).is_dir()
        return ssl.create_default_context(cafile=None if folder else bundle, capath=bundle if folder else None)
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and not paths.capath:
        import certifi  # noqa: PLC0415 (only if the system has none)

        context.load_verify_locations(certifi.where())
    return context
