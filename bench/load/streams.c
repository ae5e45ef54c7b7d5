// Event streams and their readers in one process, so that one clock times both ends: an upstream
// that answers every request with an SSE stream (401 unless exactly the right header came), and
// clients that open streams through a proxy and read the time out of every event.
//
//   streams UPSTREAM-PORT PROXY-PORT REQUEST-FILE KEY STREAMS SECONDS RATE...
//
// Prints one line of JSON when the streams are open, then, for each RATE (events a second over all
// streams), waits for a line on standard input, runs, and prints another.
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

enum { BUFFER = 2048, OPENING = 64, EVENTS = 512 };

typedef enum { LISTENER, SERVER, CLIENT } Kind;

typedef struct {
  Kind kind;
  int socket;
  int64_t asked;   // when the client sent its request
  int64_t first;   // ns until its first event; 0: none yet
  long received;
  size_t filled;
  char buffer[BUFFER];
} End;

static const char *key;
static char request[BUFFER];
static size_t request_length;
static int epoll;
static struct sockaddr_in proxy;
static End **servers;
static int server_count, opening, opened;
static long sent, received, blocked, refused, broken;
static uint32_t *delays;
static long delay_count, delay_capacity;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static End *watch(Kind kind, int socket) {
  End *end = calloc(1, sizeof *end);
  end->kind = kind;
  end->socket = socket;
  fcntl(socket, F_SETFL, O_NONBLOCK);
  int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  return end;
}

static struct sockaddr_in loopback(const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  return address;
}

static void listen_on(const char *port) {
  struct sockaddr_in address = loopback(port);
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  listen(listener, 4096);
  watch(LISTENER, listener);
}

static void open_stream(void) {
  int client = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(client, (struct sockaddr *)&proxy, sizeof proxy) < 0) die("connect");
  End *end = watch(CLIENT, client);
  end->asked = now();
  if (write(client, request, request_length) != (ssize_t)request_length) die("write");
}

static void send_event(End *server) {
  char event[256], chunk[300];
  int length = sprintf(event,
                       "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                       "\"sent\":%019lld,\"text\":\"a few words of an answer\"}\n\n",
                       (long long)now());
  int total = sprintf(chunk, "%x\r\n%s\r\n", length, event);
  sent++;
  if (write(server->socket, chunk, total) != total) blocked++;
}

static void answer(End *server) {
  char field[256];
  snprintf(field, sizeof field, "\r\nx-api-key: %s\r\n", key);
  if (!strcasestr(server->buffer, field) || strcasestr(server->buffer, "\r\nauthorization:")) {
    dprintf(server->socket, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  dprintf(server->socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                          "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");
  send_event(server);
  servers[server_count++] = server;
}

static void note_event(End *client, int64_t event_sent) {
  int64_t moment = now();
  received++;
  if (client->received++ == 0) {
    client->first = moment - client->asked;
    opening--;
    opened++;
  }
  if (delay_count < delay_capacity) delays[delay_count++] = (moment - event_sent) / 1000;
}

static void read_events(End *client) {
  client->buffer[client->filled] = 0;
  if (client->received == 0 && client->filled > 12 && strncmp(client->buffer + 9, "200", 3) != 0) {
    refused++;
    opening--;
    client->filled = 0;
    return;
  }
  char *from = client->buffer, *mark;
  while ((mark = strstr(from, "\"sent\":")) && mark + 7 + 19 <= client->buffer + client->filled) {
    note_event(client, strtoll(mark + 7, NULL, 10));
    from = mark + 26;
  }
  size_t rest = client->buffer + client->filled - from;
  if (rest > 64 && from != client->buffer) {
    from += rest - 64;
    rest = 64;
  }
  memmove(client->buffer, from, rest);
  client->filled = rest;
}

static void serve(End *end) {
  if (end->kind == LISTENER) {
    int socket;
    while ((socket = accept(end->socket, NULL, NULL)) >= 0) watch(SERVER, socket);
    return;
  }
  ssize_t length = read(end->socket, end->buffer + end->filled, BUFFER - 1 - end->filled);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    broken++;
    epoll_ctl(epoll, EPOLL_CTL_DEL, end->socket, NULL);
    return;
  }
  end->filled += length;
  if (end->kind == CLIENT) return read_events(end);
  end->buffer[end->filled] = 0;
  if (!strstr(end->buffer, "\r\n\r\n")) return;
  answer(end);
  end->filled = 0;
}

static void poll_for(int64_t nanoseconds) {
  struct epoll_event events[EVENTS];
  if (nanoseconds < 0) nanoseconds = 0;
  struct timespec timeout = {.tv_sec = 0, .tv_nsec = nanoseconds};
  int ready = epoll_pwait2(epoll, events, EVENTS, &timeout, NULL);
  for (int i = 0; i < ready; i++) serve(events[i].data.ptr);
}

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static double percentile(uint32_t *sorted, long count, double share) {
  if (count == 0) return 0;
  long i = (long)(share * count);
  return sorted[i < count ? i : count - 1] / 1000.0;
}

static void open_all(int streams) {
  int64_t started = now(), give_up = started + 60000000000LL;
  int asked = 0;
  while (opened + refused < streams && broken == 0 && now() < give_up) {
    while (asked < streams && opening < OPENING) {
      opening++;
      asked++;
      open_stream();
    }
    poll_for(100000000);
  }
  double seconds = (now() - started) / 1e9;
  printf("{\"streams\":%d,\"seconds\":%.3f,\"refused\":%ld,\"broken\":%ld}\n", opened, seconds,
         refused, broken);
}

// Opens one stream after the other beside those that are open, and times its first event.
static void time_first_events(uint32_t *firsts, int count) {
  for (int i = 0; i < count; i++) {
    int64_t asked = now(), give_up = asked + 5000000000LL;
    int before = opened;
    opening++;
    open_stream();
    while (opened == before && now() < give_up) poll_for(10000000);
    firsts[i] = (now() - asked) / 1000;
  }
  qsort(firsts, count, sizeof *firsts, compare);
}

static void run(double rate, double seconds) {
  long total = rate * seconds, already_sent = sent, already_received = received;
  long already_blocked = blocked;
  delay_count = 0;
  int64_t start = now(), due = start;
  for (long i = 0; i < total;) {
    due = start + (int64_t)(i * 1e9 / rate);
    if (now() < due) {
      poll_for(due - now());
      continue;
    }
    send_event(servers[i++ % server_count]);
    if (i % 32 == 0) poll_for(0);
  }
  int64_t behind = now() - due;
  int64_t ended = now(), give_up = ended + 30000000000LL;
  while (received - already_received < sent - already_sent && now() < give_up) poll_for(10000000);
  qsort(delays, delay_count, sizeof *delays, compare);
  printf("{\"rate\":%.0f,\"sent\":%ld,\"received\":%ld,\"blocked\":%ld,\"p50\":%.3f,\"p99\":%.3f,"
         "\"max\":%.3f,\"senderBehind\":%.3f,\"caughtUp\":%.3f,\"broken\":%ld}\n",
         rate, sent - already_sent, received - already_received, blocked - already_blocked,
         percentile(delays, delay_count, 0.5), percentile(delays, delay_count, 0.99),
         percentile(delays, delay_count, 1), behind / 1e6, (now() - ended) / 1e6, broken);
}

int main(int argc, char **argv) {
  if (argc < 8) return fprintf(stderr, "streams UPSTREAM PROXY FILE KEY STREAMS SECONDS RATE...\n"), 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  prctl(PR_SET_TIMERSLACK, 1);
  FILE *file = fopen(argv[3], "rb");
  if (!file) die(argv[3]);
  if (fread(request, 1, BUFFER - 1, file) == 0) die(argv[3]);
  request_length = strlen(request);
  key = argv[4];
  int streams = atoi(argv[5]);
  double seconds = atof(argv[6]);
  servers = calloc(streams + 1000, sizeof *servers);
  delay_capacity = 8000000;
  delays = calloc(delay_capacity, sizeof *delays);
  proxy = loopback(argv[2]);
  epoll = epoll_create1(0);
  listen_on(argv[1]);
  open_all(streams);
  if (opened < streams) return 1;
  char line[16];
  if (!fgets(line, sizeof line, stdin)) return 0;
  uint32_t firsts[90];
  time_first_events(firsts, 90);
  printf("{\"firstP50\":%.3f,\"firstP90\":%.3f}\n", percentile(firsts, 90, 0.5),
         percentile(firsts, 90, 0.9));
  for (int i = 7; i < argc; i++) {
    if (!fgets(line, sizeof line, stdin)) return 0;
    run(atof(argv[i]), seconds);
  }
  return 0;
}
