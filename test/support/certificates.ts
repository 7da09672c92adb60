import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A private key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority that nobody knows, made with `openssl` in a directory that goes when it is disposed of. */
export class PrivateAuthority implements Disposable {
  readonly #directory: string;
  /** Its own certificate, for those who are to trust it. */
  readonly ca: string;

  /** `parent` is where the directory is made. */
  constructor(parent: string = tmpdir()) {
    this.#directory = mkdtempSync(join(parent, "holdfast-ca-"));
    this.ca = this.#make("ca", ["-subj", "/CN=holdfast test CA", "-addext", "keyUsage=keyCertSign"]).cert;
  }

  /** A certificate for these names, such as "DNS:localhost" or "IP:127.0.0.1". */
  issue(name: string, ...subjects: readonly string[]): Certificate {
    return this.#make(name, ["-CA", this.#file("ca.pem"), "-CAkey", this.#file("ca.key"), ...leaf(name, subjects)]);
  }

  /** The same, but signed by itself. */
  selfSigned(name: string, ...subjects: readonly string[]): Certificate {
    return this.#make(`own-${name}`, leaf(name, subjects));
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }

  #make(name: string, args: readonly string[]): Certificate {
    const [key, cert] = [this.#file(`${name}.key`), this.#file(`${name}.pem`)];
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...ec, "-days", "2", "-keyout", key, "-out", cert, ...args], {
      stdio: "pipe",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

function leaf(name: string, subjects: readonly string[]): readonly string[] {
  const extensions = subjects.flatMap((subject) => ["-addext", `subjectAltName=${subject}`]);
  return ["-subj", `/CN=${name}`, ...extensions, "-addext", "basicConstraints=critical,CA:FALSE"];
}
