import { createServer } from "node:net";

/**
 * Ports of the guest that are reached from the host.
 *
 * @param {readonly string[]} asked "0": any free one
 * @returns {Promise<Record<string, string>>} LAB_PORT, LAB_PORT2, ... in the order asked
 */
export async function reservePorts(asked) {
  const ports = await Promise.all(asked.map((port) => (port === "0" ? freePort() : port)));
  return Object.fromEntries(
    ports.map((port, index) => [`LAB_PORT${index === 0 ? "" : index + 1}`, port]),
  );
}

/** @returns {Promise<string>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(String(port)));
    });
  });
}

/**
 * QEMU's words for a network that has nothing but these ports: no route leads out of it. Both sides say 127.0.0.1 and the
 * same number, for a target's discovery names the address it was reached at.
 *
 * @param {readonly string[]} from reached from the host
 * @param {readonly string[]} to reached from the guest
 * @returns {string[]}
 */
export function networkWords(from, to) {
  if (from.length + to.length === 0) return ["-nic", "none"];
  const inward = from.map((port) => `hostfwd=tcp:127.0.0.1:${port}-10.0.2.15:${port}`);
  // Without nodelay each command waits 40 ms for an acknowledgement.
  const outward = to.map(
    (port) => `guestfwd=tcp:10.0.2.100:${port}-cmd:socat STDIO TCP:127.0.0.1:${port},,nodelay`,
  );
  const user = ["user,id=n0,restrict=on", ...inward, ...outward].join(",");
  return ["-netdev", user, "-device", "virtio-net-pci,netdev=n0,romfile="];
}
