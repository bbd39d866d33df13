/*
 * Lets tools of sg3_utils and ddpt drive an emulated SCSI target.
 *
 * Preloaded into a tool, it makes files of one folder look like SCSI generic devices (character devices of major number
 * 21) and sends what the tool asks of them by ioctl(SG_IO) over a unix socket, one command at a time. Everything else
 * goes where it would have gone.
 *
 *   BLOCKFERRY_SG_FOLDER  the folder, without a slash at its end; its files are named sg0, sg1, ... by LUN
 *   BLOCKFERRY_SG_SOCKET  the socket
 *
 * Request, numbers of the machine's byte order: LUN, CDB length, data-out length, room for data-in (32 bits each), CDB,
 * data-out. Answer: status, sense length, bytes moved, data-in length (32 bits each), sense data, data-in.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define SG_MAJOR 21
#define SG_VERSION 30536
#define RESERVED_BYTES (4 * 1024 * 1024)
#define CHECK_CONDITION 2
#define DRIVER_SENSE 8

/* The LUN of a path of the folder, or -1. */
static int lun_of_path(const char *path) {
  const char *folder = getenv("BLOCKFERRY_SG_FOLDER");
  size_t length = folder == NULL ? 0 : strlen(folder);
  if (length == 0 || path == NULL || strncmp(path, folder, length) != 0) return -1;
  int lun = -1;
  return sscanf(path + length, "/sg%d", &lun) == 1 ? lun : -1;
}

static int lun_of_file(int file) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return -1;
  path[length] = '\0';
  return lun_of_path(path);
}

/* Bytes to the socket or from it, all of them. */
static int transfer(int file, void *bytes, size_t length, int is_write) {
  uint8_t *at = bytes;
  while (length > 0) {
    ssize_t done = is_write ? write(file, at, length) : read(file, at, length);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return -1;
    at += done;
    length -= (size_t)done;
  }
  return 0;
}

static int connected(void) {
  static int file = -1;
  if (file >= 0) return file;
  const char *path = getenv("BLOCKFERRY_SG_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (path == NULL || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  if (connect(made, (struct sockaddr *)&address, sizeof address) != 0) {
    close(made);
    return -1;
  }
  file = made;
  return file;
}

static int send_command(int file, int lun, const struct sg_io_hdr *io) {
  int is_out = io->dxfer_direction == SG_DXFER_TO_DEV;
  int is_in = io->dxfer_direction == SG_DXFER_FROM_DEV || io->dxfer_direction == SG_DXFER_TO_FROM_DEV;
  uint32_t head[4] = {(uint32_t)lun, io->cmd_len, is_out ? io->dxfer_len : 0, is_in ? io->dxfer_len : 0};
  if (transfer(file, head, sizeof head, 1) != 0) return -1;
  if (transfer(file, io->cmdp, io->cmd_len, 1) != 0) return -1;
  return is_out ? transfer(file, io->dxferp, io->dxfer_len, 1) : 0;
}

static int receive_answer(int file, struct sg_io_hdr *io) {
  uint32_t head[4];
  uint8_t sense[252];
  if (transfer(file, head, sizeof head, 0) != 0) return -1;
  if (head[1] > sizeof sense || head[3] > io->dxfer_len) return -1;
  if (transfer(file, sense, head[1], 0) != 0) return -1;
  if (transfer(file, io->dxferp, head[3], 0) != 0) return -1;
  size_t kept = io->sbp == NULL ? 0 : head[1] < io->mx_sb_len ? head[1] : io->mx_sb_len;
  if (kept > 0) memcpy(io->sbp, sense, kept);
  io->status = (uint8_t)head[0];
  io->masked_status = (head[0] >> 1) & 0x1f;
  io->msg_status = 0;
  io->sb_len_wr = (uint8_t)kept;
  io->host_status = 0;
  io->driver_status = head[0] == CHECK_CONDITION ? DRIVER_SENSE : 0;
  io->resid = (int)(io->dxfer_len - head[2]);
  io->duration = 0;
  io->info = head[0] == 0 ? SG_INFO_OK : SG_INFO_CHECK;
  return 0;
}

static int answer_sg_io(int lun, struct sg_io_hdr *io) {
  if (io->interface_id != 'S' || io->iovec_count != 0) {
    errno = EINVAL;
    return -1;
  }
  int file = connected();
  if (file < 0 || send_command(file, lun, io) != 0 || receive_answer(file, io) != 0) {
    errno = EIO;
    return -1;
  }
  return 0;
}

static int answer(int lun, unsigned long request, void *argument) {
  switch (request) {
    case SG_IO:
      return answer_sg_io(lun, argument);
    case SG_GET_VERSION_NUM:
      *(int *)argument = SG_VERSION;
      return 0;
    case SG_GET_RESERVED_SIZE:
      *(int *)argument = RESERVED_BYTES;
      return 0;
    case SG_SET_RESERVED_SIZE:
    case SG_SET_TIMEOUT:
      return 0;
    case SG_GET_TIMEOUT:
      return 6000;
    default:
      errno = ENOTTY;
      return -1;
  }
}

int ioctl(int file, unsigned long request, ...) {
  static int (*real)(int, unsigned long, ...);
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (real == NULL) real = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
  int lun = lun_of_file(file);
  return lun < 0 ? real(file, request, argument) : answer(lun, request, argument);
}

static void disguise(int lun, mode_t *mode, dev_t *device) {
  *mode = (*mode & ~(mode_t)S_IFMT) | S_IFCHR;
  *device = makedev(SG_MAJOR, (unsigned)lun);
}

#define DISGUISED(name, structure, of, lun_of)                                \
  int name(of what, struct structure *found) {                                \
    static int (*real)(of, struct structure *);                               \
    if (real == NULL) real = (int (*)(of, struct structure *))dlsym(RTLD_NEXT, #name); \
    int failed = real(what, found);                                           \
    int lun = lun_of(what);                                                   \
    if (failed == 0 && lun >= 0) disguise(lun, &found->st_mode, &found->st_rdev); \
    return failed;                                                            \
  }

DISGUISED(stat, stat, const char *, lun_of_path)
DISGUISED(stat64, stat64, const char *, lun_of_path)
DISGUISED(fstat, stat, int, lun_of_file)
DISGUISED(fstat64, stat64, int, lun_of_file)
