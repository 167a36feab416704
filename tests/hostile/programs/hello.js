// expect: ok
// stdout: hello\n
console.log("hello");
