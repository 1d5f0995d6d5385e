# The site in one image: web, background work and clock are three commands of it (compose.yaml). See docs/exploitation.md.
FROM docker.io/library/python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /site
COPY requirements-production.txt ./
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements-production.txt
COPY manage.py ./
COPY trajectoire trajectoire
COPY network network
COPY resources resources
COPY vrl vrl
COPY templates templates
COPY static static
RUN /venv/bin/python -m compileall -q -j 0 /venv /site \
    && DJANGO_ENV=production VAR_DIR=/static /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM docker.io/library/python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/trajectoire --create-home --shell /usr/sbin/nologin trajectoire
COPY --from=build /venv /venv
COPY --from=build /site /site
COPY --from=build --chown=trajectoire:trajectoire /static/static /static
ENV PATH=/venv/bin:$PATH DJANGO_ENV=production VAR_DIR=/var/lib/trajectoire STATIC_ROOT=/static PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /site
USER trajectoire
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Each machine makes its own search index before its first answer.
CMD ["sh", "-c", "python manage.py rebuild_index --if-needed && exec gunicorn --config trajectoire/gunicorn.py --bind 0.0.0.0:8000 trajectoire.wsgi"]
