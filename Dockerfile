# Written with care, but not run where it was written (no container engine there): try it before you rely on it.
#
#   docker build -t enplan .

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package enplan

FROM debian:bookworm-slim
RUN groupadd --gid 10001 enplan \
 && useradd --uid 10001 --gid enplan --no-create-home --shell /usr/sbin/nologin enplan
COPY --from=build /src/target/release/enplan /usr/local/bin/enplan
USER enplan
# 8080 the interface, 9090 the figures.
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/enplan"]
CMD ["serve"]
