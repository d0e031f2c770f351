"""Certificates: what was proven, in a form that a small checker verifies without the prover."""

from buckstop.certificate.checking import verify
from buckstop.certificate.form import VERSION, CertificateError, digest, language_of, language_value

__all__ = ["VERSION", "CertificateError", "digest", "language_of", "language_value", "verify"]
