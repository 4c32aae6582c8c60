// Input that nobody means well with: hand-written worst cases, and others made from a fixed seed. Every one is wrong somewhere.

/** Numbers from 0 to 1, always the same (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SCRIPTS = [
  "<script>globalThis.hacked=1</script>",
  "<img src=x onerror=globalThis.hacked=1>",
  "javascript:globalThis.hacked=1",
  '"><svg onload=globalThis.hacked=1>',
  "${globalThis.hacked=1}",
  "__proto__",
  "constructor",
];
const NUMBERS = [
  "NaN",
  "Infinity",
  "-1e308",
  "1e309",
  "0x10",
  "١",
  "1,5",
  "--1",
  "1e",
  "",
  " ",
  "null",
  "1;DROP TABLE",
];
const NAMES = [
  "learning_rate",
  "momentum",
  "noise_variance",
  "replicas",
  "steps",
  "seed",
  "points",
  "from",
  "to",
  "coordinate",
];
const CHOICES = [
  "optimizer",
  "loss",
  "covariance",
  "law",
  "start",
  "parameter",
  "quantity",
  "scale",
  "y_scale",
  "speed",
];

/** A hundred hashes, each beside a learning rate that is fine, as `[kind, hash]`. */
export function hashes() {
  const random = randomFrom(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const written = [
    ["a NaN", "momentum=NaN"],
    ["beyond double precision", "noise_variance=1e309"],
    ["the largest number", "learning_rate=0.3&steps=1e308"],
    ["ten million rows", "replicas=1e13"],
    ["a negative size", "points=-1"],
    ["no version", "v=2"],
    ["another version", "v=<script>"],
    ["bytes that are no text", "law=%FF%FE"],
    ["half an escape", "law=%E0%A4"],
    ["a prototype", "__proto__=1"],
    ["a constructor", "constructor=1"],
    ["a name of an object", "toString=1"],
    ["no value", "momentum"],
    ["no name", "=1"],
    ["a matrix with a hole", "hessian=1,0;0"],
    ["a matrix of words", "hessian=a,b;c,d"],
    ["a matrix that is not symmetric", "hessian=1,2;3,4"],
    ["a matrix that is not positive", "hessian=1,2;2,1"],
    ["a matrix of 1e308", "hessian=1e308,1e308;1e308,-1e308"],
    ["a column", "hessian=1;2;3"],
    ["brackets", "hessian=[[[[[[[[[[]]]]]]]]]]"],
    ["five hundred brackets", `hessian=${"[".repeat(500)}`],
    ["a long word", `momentum=${"9".repeat(20_000)}x`],
    ["a long name", `${"a".repeat(20_000)}=1`],
    ["a thousand parameters", Array.from({ length: 1000 }, (_, i) => `x${i}=1`).join("&")],
    ["a row of 2000", `hessian=${Array(2000).fill(1)}`],
    ["1001 rows", `hessian=${Array(1001).fill("1").join(";")}`],
    ["a formula that is code", "formula=alert(1)"],
    ["a formula that never ends", `formula=${"(".repeat(5000)}`],
    ["a formula with a name of an object", "formula=constructor"],
    ["a formula that is markup", "formula=<img src=x onerror=globalThis.hacked=1>"],
    ["two that do not go together", "covariance=minibatch"],
    ["a noise of another size", "covariance=matrix&noise_covariance=1"],
    ["a start of another size", "start=point&start_weights=1,2,3"],
    ["the end before the beginning", "from=2&to=1"],
    ["no values between", "parameter=steps&from=1&to=2"],
    ["a coordinate that is not there", "coordinate=7"],
    ["an axis that is not there", "parameter=batch_size"],
    ["nulls", "momentum=%00%00"],
    ["right to left", "momentum=%E2%80%AE1"],
  ];
  while (written.length < 100) {
    const kind = Math.floor(random() * 4);
    if (kind === 0)
      written.push(["a number", `${pick(NAMES.slice(1))}=${encodeURIComponent(pick(NUMBERS))}`]);
    else if (kind === 1) written.push(["a script", `${pick(CHOICES)}=${encodeURIComponent(pick(SCRIPTS))}`]);
    else if (kind === 2) {
      const junk = Array.from({ length: 5 + random() * 60 }, () =>
        String.fromCharCode(33 + random() * 90),
      ).join("");
      written.push(["junk", `momentum=x${encodeURIComponent(junk)}`]);
    } else written.push(["an unknown name", `${encodeURIComponent(pick(SCRIPTS))}${written.length}=1`]);
  }
  return written;
}

const scenario = (parts) => JSON.stringify({ version: 1, ...parts });

/** Sixty files that hold no good scenario, as `[kind, name, content]`. */
export function files() {
  const random = randomFrom(2);
  const good = {
    version: 1,
    optimizer: { kind: "momentum", learning_rate: 0.5, momentum: 0 },
    run: { replicas: 10, steps: 10 },
  };
  const written = [
    ["nothing", ""],
    ["a byte", "\0"],
    ["half a document", JSON.stringify(good).slice(0, 40)],
    ["a list", "[]"],
    ["null", "null"],
    ["a word", '"scenario"'],
    ["a number", "1e308"],
    ["an empty object", "{}"],
    ["another version", '{"version":2}'],
    ["a version that is no number", '{"version":"1"}'],
    ["an unknown field", scenario({ extra: 1 })],
    ["a prototype", '{"version":1,"__proto__":{"hacked":1}}'],
    ["a constructor", '{"version":1,"constructor":{"prototype":{"hacked":1}}}'],
    ["a scenario of null", '{"scenario":null}'],
    ["a scenario of a list", '{"scenario":[1,2]}'],
    ["a sweep with a script", `{"scenario":{"version":1},"parameter":"${SCRIPTS[1]}"}`],
    ["a formula of a number", '{"scenario":{"version":1},"formula":1}'],
    ["a formula of a megabyte", JSON.stringify({ scenario: { version: 1 }, formula: "1+".repeat(500_000) })],
    ["a script as a kind", scenario({ optimizer: { kind: SCRIPTS[1] } })],
    ["a script as a name", `{"version":1,"${SCRIPTS[0].replaceAll('"', "'")}":1}`],
    ["1e308", scenario({ optimizer: { kind: "momentum", learning_rate: 1e308 } })],
    ["a number beyond any", '{"version":1,"optimizer":{"kind":"momentum","learning_rate":1e999}}'],
    ["NaN", '{"version":1,"optimizer":{"kind":"momentum","learning_rate":NaN}}'],
    ["a number as text", scenario({ optimizer: { kind: "momentum", learning_rate: "0.5" } })],
    ["a list for a number", scenario({ run: { replicas: [10] } })],
    ["a fraction of a replica", scenario({ run: { replicas: 2.5 } })],
    ["ten million replicas", scenario({ run: { replicas: 1e7 } })],
    ["no replica", scenario({ run: { replicas: 0 } })],
    ["a Hessian that is a number", scenario({ loss: { kind: "quadratic", hessian: 1 } })],
    ["a Hessian of words", scenario({ loss: { kind: "quadratic", hessian: [["1"]] } })],
    ["a Hessian of nulls", scenario({ loss: { kind: "quadratic", hessian: [[null]] } })],
    [
      "a Hessian of 1e308",
      scenario({
        loss: {
          kind: "quadratic",
          hessian: [
            [1e308, 0],
            [0, -1e308],
          ],
        },
      }),
    ],
    [
      "a Hessian of 600 rows",
      scenario({ loss: { kind: "quadratic", hessian: Array(600).fill(Array(600).fill(1)) } }),
    ],
    ["a Hessian with a hole", scenario({ loss: { kind: "quadratic", hessian: [[1, 0], [0]] } })],
    [
      "data without targets",
      scenario({ loss: { kind: "least_squares", data: { kind: "table", inputs: [[1]] } } }),
    ],
    [
      "data of two lengths",
      scenario({
        loss: { kind: "least_squares", data: { kind: "table", inputs: [[1], [2]], targets: [1] } },
      }),
    ],
    [
      "data of a million numbers",
      scenario({
        loss: {
          kind: "least_squares",
          data: { kind: "table", inputs: Array(900_000).fill([1]), targets: [1] },
        },
      }),
    ],
    ["ten million rows", `{"version":1,"x":[${"0,".repeat(10_000_000)}0]}`],
    ["a hundred thousand brackets", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["a deep document", `{"version":1,"loss":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`],
    [
      "a deep list of numbers",
      `{"version":1,"loss":{"kind":"quadratic","hessian":${"[".repeat(3000)}${"]".repeat(3000)}}}`,
    ],
    ["a file of another kind", "PNG\r\n\n\0\0\0\rIHDR"],
    ["two documents", `${JSON.stringify(good)}${JSON.stringify(good)}`],
    ["a comment", `// hello\n${JSON.stringify(good)}`],
    ["a comma too many", '{"version":1,}'],
  ].map(([kind, content]) => [kind, content]);
  // A good document with one of its leaves put out of joint.
  const places = [
    "/optimizer/kind",
    "/optimizer/learning_rate",
    "/optimizer/momentum",
    "/run/replicas",
    "/run/steps",
  ];
  const wrong = [null, "x", [], {}, -1, 1e300, true, SCRIPTS[0]];
  while (written.length < 60) {
    const copy = structuredClone(good);
    const [, outer, inner] = places[Math.floor(random() * places.length)].split("/");
    copy[outer][inner] = wrong[Math.floor(random() * wrong.length)];
    written.push([`${outer}.${inner} = ${JSON.stringify(copy[outer][inner])}`, JSON.stringify(copy)]);
  }
  return written.map(([kind, content], i) => [kind, `bad-${i}.json`, content]);
}

/** Forty tables that are no data set. */
export function tables() {
  const random = randomFrom(3);
  const rows = (n, row) => Array.from({ length: n }, (_, i) => row(i)).join("\n");
  const written = [
    ["nothing", ""],
    ["a name", "x"],
    ["names alone", "x,y\n"],
    ["one row", "x,y\n1,2\n"],
    ["words", "x,y\na,b\nc,d\n"],
    ["one word", "x,y\n1,2\n3,x\n"],
    ["a hole", "x,y\n1,2\n3,\n4,5\n"],
    ["rows of two lengths", "x,y\n1,2\n3\n"],
    ["NaN", "x,y\n1,2\nNaN,3\n2,1\n"],
    ["infinity", "x,y\n1,2\nInfinity,3\n2,1\n"],
    ["beyond double precision", "x,y\n1,2\n1e309,3\n2,1\n"],
    ["a column that stands still", "x,y\n1,2\n1,3\n1,4\n"],
    ["two columns that are one", "x,z,y\n1,1,2\n2,2,3\n3,3,9\n"],
    ["an open quote", 'x,y\n"1,2\n3,4\n'],
    ["markup", `x,y\n1,2\n${SCRIPTS[1]},3\n`],
    ["a formula of a spreadsheet", "x,y\n=cmd|' /C calc'!A0,1\n2,3\n"],
    ["zeros", "\0\0\0\0"],
    ["a million rows", rows(1_000_000, (i) => `${i % 7},${i % 5}`)],
    ["ten million rows", "1,2\n".repeat(10_000_000)],
    ["a thousand columns", `${Array(1000).fill("x").join(",")}\n${Array(1000).fill("1").join(",")}\n`],
    ["a field of a megabyte", `x,y\n${"9".repeat(1_000_000)},1\n2,3\n`],
    ["more columns than rows", "a,b,c,y\n1,2,3,4\n2,3,1,5\n"],
    ["numbers of 1e300", "x,y\n1e300,1\n-1e300,2\n1e-300,3\n"],
    ["a target that stands still is no mistake, an empty line is", "x,y\n\n\n"],
  ];
  while (written.length < 40) {
    const bad = Math.floor(random() * 6);
    const text = rows(
      8,
      (i) => `${i === bad ? SCRIPTS[Math.floor(random() * SCRIPTS.length)] : random()},${random()}`,
    );
    written.push(["a script among numbers", `x,y\n${text}\n`]);
  }
  return written.map(([kind, content], i) => [kind, `bad-${i}.csv`, content]);
}
