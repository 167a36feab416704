/* The agent's command line names the run that its container holds, by the request id that is in all
 * logs: labels of a container cannot change, and a cell is made before its run is known. The kernel
 * shows what is where argv was, and goes on into the environment behind it when the last byte of
 * argv is none (proc(5), cmdline). */
#include "runner/agent/agent.h"

#include <string.h>

static char *area;
static size_t area_size;

void title_init(char **argv, char **envp)
{
    char *end = argv[0] + strlen(argv[0]) + 1;

    area = argv[0];
    for (char **e = envp; *e == end; e++)
        end += strlen(*e) + 1;
    area_size = (size_t)(end - area);
}

void title_set(const uint8_t *request, size_t len)
{
    static const char name[] = "coderoom-agent ";
    char text[sizeof(name) + CR_CELL_REQUEST_MAX] = "";

    if (len > CR_CELL_REQUEST_MAX)
        give_up("request id too long", 0);
    memcpy(text, name, sizeof(name) - 1);
    for (size_t i = 0; i < len; i++) {
        if (request[i] <= ' ' || request[i] > '~')
            give_up("request id with odd characters", 0);
        text[sizeof(name) - 1 + i] = (char)request[i];
    }
    memset(area, 0, area_size);
    memcpy(area, text, strlen(text) < area_size ? strlen(text) : area_size - 1);
}
