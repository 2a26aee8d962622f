"""The pseudonym key: made once, kept outside the programme folder, never replaced silently."""

import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SettingsWrong, SurroundingsWrong, WrongUsage
from pipeline.programme import Programme

KEY_BYTES = 32


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes; its text form is 64 hexadecimal digits and is never shown."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.secret)

    def stands_for(self, settings: str) -> str:
        """HMAC-SHA-256 of settings; they name schools, so nobody else may try guesses."""
        return hmac.new(self.secret, f"settings:{settings}".encode(), hashlib.sha256).hexdigest()


def fingerprint(secret: bytes) -> str:
    """16 hexadecimal digits that tell two keys apart and give neither away."""
    return hashlib.sha256(b"fingerprint" + secret).hexdigest()[:16]


def make_key(path: Path) -> Key:
    """Make a new random key. Raises SettingsWrong where a file is there already."""
    key = Key(secrets.token_bytes(KEY_BYTES))
    try:
        _write_new(path, key)
    except FileExistsError:
        raise SettingsWrong(
            f"{path}: a pseudonym key is there already, and a key is never overwritten. "
            f"To use another place, set 'privacy.key_file' in pipeline.toml."
        ) from None
    return key


def read_key(path: Path) -> Key:
    """The key in a file. Raises SettingsWrong where there is none or it is damaged."""
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise SettingsWrong(
            f"{path}: no pseudonym key there. Bring it from the machine that has it, or from a "
            f"backup: achievement key import FOLDER FILE"
        ) from None
    except ValueError:
        secret = b""
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{path}: the pseudonym key cannot be read ({wrong.strerror}). "
            f"It must be a file that belongs to the user who runs the program."
        ) from None
    if len(secret) != KEY_BYTES:
        raise SettingsWrong(
            f"{path}: not a pseudonym key. Expected {2 * KEY_BYTES} hexadecimal digits and "
            f"nothing else; restore the file from a backup."
        )
    return Key(secret)


def export_key(path: Path, to: Path, programme_folder: Path) -> Key:
    """Copy the key into a new file, for another machine.

    Raises WrongUsage where `to` is there, and where it lies in the programme folder: whoever got a
    copy of the folder would have the key as well.
    """
    folders = (folder for folder in to.resolve().parents if folder.exists())
    if any(folder.samefile(programme_folder) for folder in folders):
        raise WrongUsage(
            f"{to}: lies in the programme folder, and the pseudonym key is kept apart from it. "
            f"Give a file in another place, such as on an encrypted stick."
        )
    key = read_key(path)
    try:
        _write_new(to, key)
    except FileExistsError:
        raise WrongUsage(f"{to}: there already. Give the name of a file that is not.") from None
    return key


def import_key(source: Path, path: Path) -> Key:
    """Put a key from another machine in its place. Raises SettingsWrong where another one is."""
    key = read_key(source)
    try:
        _write_new(path, key)
    except FileExistsError:
        if read_key(path) != key:
            raise SettingsWrong(
                f"{path}: another pseudonym key is there, and a key is never overwritten. Releases "
                f"made with the two do not fit together. Find out which one made yours, and set "
                f"'privacy.key_file' in pipeline.toml to a place of its own for the other."
            ) from None
    return key


def key_for_publishing(programme: Programme, known_fingerprint: str | None) -> Key:
    """The key to publish with. A new one is made only where no release has ever used one.

    `known_fingerprint` is the ledger's; where it is None the caller records the new one. Raises
    SettingsWrong where the key that the fingerprint stands for is not the one in place.
    """
    path = programme.settings.privacy.key_path()
    if known_fingerprint is None and not path.exists():
        return make_key(path)
    key = read_key(path)
    if known_fingerprint not in (None, key.fingerprint):
        raise SettingsWrong(
            f"{path}: this pseudonym key has the fingerprint {key.fingerprint}; the releases of "
            f"{programme.folder.name} were made with {known_fingerprint}. Bring that key from the "
            f"machine that has it, or from a backup, and set 'privacy.key_file' to it."
        )
    return key


def _write_new(path: Path, key: Key) -> None:
    """Write whole or not at all, for this user only. Raises FileExistsError."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(key.secret.hex().encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if os.name == "nt":
            part.rename(path)  # on Windows this refuses where the file is there; elsewhere it
        else:  # would replace it, and a link refuses
            os.link(part, path)
    except FileExistsError:
        raise
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{path}: the pseudonym key cannot be written ({wrong.strerror}). Choose a place on a "
            f"local disk that belongs to you: 'privacy.key_file' in pipeline.toml."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
