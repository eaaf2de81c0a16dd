"""Django's mail backend, with time for a server that looks at a letter before it takes it."""

from __future__ import annotations

from smtplib import SMTP, SMTP_SSL

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend


class _Patient(SMTP):
    """Waits longer for the answer to the letter itself than for all the others.

    Whoever gives up there has to send again what may have been taken: Exchange, for one, holds
    its 250 back for up to 30 seconds (MaxAcknowledgementDelay). See RFC 5321, 4.5.3.2.6.
    """

    def getreply(self) -> tuple[int, bytes]:
        code, said = super().getreply()
        if self.sock is not None:
            # 354: the letter is asked for, so the next answer is the one to it.
            self.sock.settimeout(settings.EMAIL_TAKING_TIMEOUT if code == 354 else self.timeout)
        return code, said


class _PatientSSL(_Patient, SMTP_SSL):
    pass


class Backend(EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return _PatientSSL if self.use_ssl else _Patient
