"""The secret of a portal that runs embedded; production is given its own."""

import secrets
from pathlib import Path


def own_secret_key(path: Path) -> str:
    """Return the secret of this embedded portal, made once and readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        # All that the portal keeps comes to lie there: names, letters with links that open work.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A complete file appears under its name at once, so two processes starting together agree.
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    new.touch(mode=0o600)
    new.write_text(secrets.token_urlsafe(64))
    try:
        path.hardlink_to(new)
    except FileExistsError:
        pass
    finally:
        new.unlink()
    return path.read_text().strip()
