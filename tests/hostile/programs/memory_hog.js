// expect: memory | signal 6
// why: V8 may notice before the kernel does
const hoard = [];
for (;;) hoard.push(new Array(1e5).fill(Math.random()));
