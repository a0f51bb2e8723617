// Linked into the program when it is built with AddressSanitizer: libraries stay loaded. A graphics
// driver that is unloaded before the leak report leaves leaks whose module has no name, and a
// suppression for third-party libraries could not name it either.
extern "C" int dlclose(void* /*library*/) {
    return 0;
}
