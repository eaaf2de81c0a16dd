# The portal's one image: web, worker, heavy, beat and migrate differ only in their command, which
# docker-compose.yml gives.

FROM python:3.12-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/portal
COPY requirements.txt /tmp/requirements.txt
RUN /opt/portal/bin/pip install --require-hashes -r /tmp/requirements.txt


FROM python:3.12-slim-bookworm
# No versions here: those of a Debian release change, and old ones leave its mirror.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /data /data/media

ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUTF8=1 \
    DJANGO_SETTINGS_MODULE=papi_portal.settings \
    PORTAL_VAR=/data \
    STATIC_ROOT=/app/staticfiles \
    XDG_CACHE_HOME=/tmp/cache

COPY --from=packages /opt/portal /opt/portal
WORKDIR /app
COPY . /app
# Collecting needs no secret of its own; the embedded settings make one and it is thrown away here.
# Files of a checkout may be closed to all but their owner, who is nobody in here.
RUN PORTAL_VAR=/tmp/build python manage.py collectstatic --noinput -v 0 \
    && rm -rf /tmp/build \
    && chmod -R a+rX /app

USER 10001:10001
EXPOSE 8000
