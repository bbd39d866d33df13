#!/bin/sh
# In a guest: the part "real" of the benchmarks, on QEMU's NVMe controller and on a unit of LIO. See npm run bench:lab.
set -eu
lio fileio bench 1100M
BENCH_SCSI=$(lio loop bench)
BENCH_NVME=/dev/nvme0n1
export BENCH_SCSI BENCH_NVME
sg_turs "$BENCH_SCSI" > /dev/null 2>&1 || :
exec node packages/bench/dist/main.js --only real "$@"
