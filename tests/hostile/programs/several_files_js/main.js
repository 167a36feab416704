// expect: ok
// stdout: 49 64 12 -v ä b\n
// options: --arg -v --arg 'ä b'
const { square } = require("./lib/square");
const n = Number(require("fs").readFileSync("data/n.txt", "utf8"));
import("./lib/cube.mjs").then(({ cube }) => console.log(square(7), cube(4), n, ...process.argv.slice(2)));
