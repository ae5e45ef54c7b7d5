// An open-loop load: sends requests at a fixed rate over a few connections, on schedule whatever
// the answers do, and counts an answer's time from the moment its request was due, so that a stall
// is felt by every request that fell into it (no coordinated omission).
//
//   paced PORT REQUESTS-FILE REQUESTS-PER-SECOND SECONDS CONNECTIONS
//
// Prints one line of JSON. Answers need a Content-Length.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 65536, MAX_REQUESTS = 100000 };

typedef struct {
  int socket;
  int busy;
  int64_t due;
  size_t filled;
  char buffer[BUFFER];
} Connection;

static char *requests[MAX_REQUESTS];
static size_t lengths[MAX_REQUESTS];
static int request_count;
static uint32_t *latencies;
static long answered, refused, failed, late;
static struct sockaddr_in target;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void read_requests(const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file) die(name);
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  while (request_count < MAX_REQUESTS && (length = getdelim(&line, &capacity, 0, file)) > 1) {
    lengths[request_count] = length - 1;
    requests[request_count] = memcpy(malloc(length), line, length);
    request_count++;
  }
  fclose(file);
  if (request_count == 0) die("no requests");
}

static void open_connection(Connection *c, int epoll) {
  c->socket = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->socket, (struct sockaddr *)&target, sizeof target) < 0) die("connect");
  int on = 1;
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(c->socket, F_SETFL, O_NONBLOCK);
  c->busy = 0;
  c->filled = 0;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_ADD, c->socket, &event);
}

static void send_request(Connection *c, long turn, int64_t due) {
  int i = turn % request_count;
  c->busy = 1;
  c->due = due;
  // A request is far smaller than a socket's buffer: it goes in one piece or not at all.
  if (write(c->socket, requests[i], lengths[i]) != (ssize_t)lengths[i]) die("write");
}

// Whether the buffer holds a whole answer.
static int is_whole(Connection *c) {
  c->buffer[c->filled] = 0;
  char *end = strstr(c->buffer, "\r\n\r\n");
  if (!end) return 0;
  char *field = strcasestr(c->buffer, "\r\ncontent-length:");
  if (!field || field > end) die("an answer without Content-Length");
  return c->filled >= (size_t)(end + 4 - c->buffer) + strtoul(field + 17, NULL, 10);
}

// 1 where an answer came to its end and the connection is free again.
static int read_answer(Connection *c, int epoll) {
  ssize_t length = read(c->socket, c->buffer + c->filled, BUFFER - 1 - c->filled);
  if (length < 0 && errno == EAGAIN) return 0;
  if (length <= 0) {
    if (c->busy) failed++;
    int was_busy = c->busy;
    close(c->socket);
    open_connection(c, epoll);
    return was_busy;
  }
  c->filled += length;
  if (!is_whole(c)) return 0;
  if (strncmp(c->buffer + 9, "200", 3) != 0) refused++;
  latencies[answered++] = (now() - c->due) / 1000;
  c->filled = 0;
  c->busy = 0;
  return 1;
}

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static double percentile(double share) {
  if (answered == 0) return 0;
  long i = (long)(share * answered);
  return latencies[i < answered ? i : answered - 1] / 1000.0;
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "paced PORT FILE RATE SECONDS CONNECTIONS\n"), 2;
  target = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  inet_pton(AF_INET, "127.0.0.1", &target.sin_addr);
  read_requests(argv[2]);
  prctl(PR_SET_TIMERSLACK, 1);
  double rate = atof(argv[3]), seconds = atof(argv[4]);
  int count = atoi(argv[5]), epoll = epoll_create1(0), free_count = 0;
  long total = rate * seconds, sent = 0;
  latencies = calloc(total + 1, sizeof *latencies);
  Connection *all = calloc(count, sizeof *all), **free_list = calloc(count, sizeof *free_list);
  for (int i = 0; i < count; i++) {
    open_connection(&all[i], epoll);
    free_list[free_count++] = &all[i];
  }
  int64_t start = now() + 10000000, give_up = start + (int64_t)((seconds + 60) * 1e9);
  struct epoll_event events[256];
  while (answered + failed < total && now() < give_up) {
    while (sent < total && free_count > 0) {
      int64_t due = start + (int64_t)(sent * 1e9 / rate), moment = now();
      if (due > moment) break;
      if (moment - due > 1000000) late++;
      send_request(free_list[--free_count], sent++, due);
    }
    int64_t due = start + (int64_t)(sent * 1e9 / rate), wait = due - now();
    if (sent == total || free_count == 0 || wait > 100000000) wait = 100000000;
    if (wait < 0) wait = 0;
    struct timespec timeout = {.tv_sec = 0, .tv_nsec = wait};
    int ready = epoll_pwait2(epoll, events, 256, &timeout, NULL);
    for (int i = 0; i < ready; i++)
      if (read_answer(events[i].data.ptr, epoll)) free_list[free_count++] = events[i].data.ptr;
  }
  failed += total - answered - failed;
  qsort(latencies, answered, sizeof *latencies, compare);
  printf("{\"requests\":%ld,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,"
         "\"late\":%ld,\"refused\":%ld,\"failed\":%ld}\n",
         answered, percentile(0.5), percentile(0.9), percentile(0.99), percentile(0.999),
         percentile(1), late, refused, failed);
  return 0;
}
