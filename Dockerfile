# The console as an image that holds the program, the C library, certificates, and nothing else: no shell, no package
# manager. It runs as user 10001, needs no capability and a writable place at /var/lib/efls-console alone.
#
#   docker build -t efls-console .
#   docker build --build-arg ENV_ARG=default_local --build-arg EXPOSE_ARG=5000 -t alifl/console/host:v1 .
#   docker buildx build --platform linux/amd64,linux/arm64 .
#
# The first stages run on the machine that builds and compile for the one that the image is for. docs/DEPLOYMENT.md tells
# how the image is run.
ARG DEBIAN=trixie

FROM --platform=$BUILDPLATFORM node:22-${DEBIAN}-slim AS ui
WORKDIR /src/front_end
COPY front_end/package.json front_end/package-lock.json front_end/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY front_end/ ./
RUN npm run --silent build

FROM --platform=$BUILDPLATFORM rust:1.95-${DEBIAN} AS server
ARG TARGETARCH
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
# The compiler and the C library of the image's architecture, where it is another one.
# hadolint ignore=DL3008
RUN case "${TARGETARCH:=$(dpkg --print-architecture)}" in \
        amd64) machine=x86_64 ;; \
        arm64) machine=aarch64 ;; \
        *) echo "There is no recipe for $TARGETARCH." >&2; exit 1 ;; \
    esac; \
    target="$machine-unknown-linux-gnu"; \
    echo "$target" >/target; \
    rustup target add "$target"; \
    if [ "$TARGETARCH" != "$(dpkg --print-architecture)" ]; then \
        apt-get update; \
        apt-get install -y --no-install-recommends "gcc-${machine/_/-}-linux-gnu" "libc6-dev-$TARGETARCH-cross"; \
        rm -rf /var/lib/apt/lists/*; \
        printf '[target.%s]\nlinker = "%s-linux-gnu-gcc"\n' "$target" "$machine" >>"$CARGO_HOME/config.toml"; \
    fi
COPY . .
COPY --from=ui /src/front_end/dist/ front_end/dist/
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    target="$(cat /target)"; \
    cargo build --locked --release --target "$target" -p efls-console; \
    install -D "target/$target/release/efls-console" /out/efls-console

# The root of the image, from Debian's packages of its architecture. They are unpacked and none of their programs is run,
# so that no emulation is needed; their control files let scanners know what is there.
FROM --platform=$BUILDPLATFORM debian:${DEBIAN}-slim AS root
ARG TARGETARCH
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /packages
# hadolint ignore=DL3008
RUN : "${TARGETARCH:=$(dpkg --print-architecture)}"; \
    dpkg --add-architecture "$TARGETARCH"; \
    apt-get update; \
    apt-get install -y --no-install-recommends ca-certificates; \
    apt-get download "libc6:$TARGETARCH" "libgcc-s1:$TARGETARCH"; \
    mkdir -p /root-fs/usr/lib /root-fs/usr/lib64 /root-fs/var/lib/dpkg/status.d /root-fs/etc/ssl/certs \
        /root-fs/etc/efls-console /root-fs/dev /root-fs/proc /root-fs/sys /root-fs/run /state/efls-console; \
    ln -s usr/lib usr/lib64 /root-fs/; \
    for package in *.deb; do \
        dpkg-deb --fsys-tarfile "$package" | tar --extract --directory /root-fs --keep-directory-symlink \
            --exclude='*/gconv' --exclude='*/audit' --exclude='*/lintian' --exclude='*.gz'; \
        dpkg-deb --field "$package" >"/root-fs/var/lib/dpkg/status.d/${package%%_*}"; \
    done; \
    cp /usr/lib/os-release /root-fs/etc/; \
    cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/; \
    install -d -m 1777 /root-fs/tmp; \
    echo 'hosts: files dns' >/root-fs/etc/nsswitch.conf; \
    echo 'root:x:0:0:root:/:/nonexistent' >/root-fs/etc/passwd; \
    echo 'efls:x:10001:10001:efls-console:/var/lib/efls-console:/nonexistent' >>/root-fs/etc/passwd; \
    printf 'root:x:0:\nefls:x:10001:\n' >/root-fs/etc/group

FROM scratch
COPY --from=root /root-fs/ /
COPY --from=root --chown=10001:10001 /state/ /var/lib/
COPY --from=server /out/efls-console /usr/local/bin/efls-console

ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="efls-console" \
      org.opencontainers.image.description="A console for federated learning between two organisations of equal rank" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# The configuration that the image starts with (config/$ENV.toml) and the port that it announces.
ARG ENV_ARG=""
ARG EXPOSE_ARG=5000
ENV PATH=/usr/local/bin \
    ENV=${ENV_ARG} \
    EFLS_CONFIG_DIR=/etc/efls-console \
    EFLS_SERVICE__HOST=0.0.0.0
EXPOSE ${EXPOSE_ARG}

USER 10001:10001
WORKDIR /var/lib/efls-console
VOLUME ["/var/lib/efls-console"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/usr/local/bin/efls-console", "health"]
ENTRYPOINT ["/usr/local/bin/efls-console"]
CMD ["serve"]
