"""How gunicorn serves the site: `gunicorn --config trajectoire/gunicorn.py trajectoire.wsgi`, `--workers 4` on a larger machine."""

from pathlib import Path

workers = 2
threads = 4
worker_class = "gthread"  # a slow reader holds a thread, not a process
preload_app = True  # one start, and the memory of the code shared
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (its heartbeat waits for no disk)
# A worker gives its memory back before it grows old; not all at once.
max_requests, max_requests_jitter = 20_000, 2_000
timeout, graceful_timeout, keepalive = 60, 30, 5
