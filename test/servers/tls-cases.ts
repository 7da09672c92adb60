import { same } from "../support/contract-recorder.ts";
import { echoes } from "./cases.ts";
import type { Bench, ServerCase, World } from "./world.ts";

/** A certificate for localhost, in files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /** The certificate and its key, in one. */
  readonly both: string;
}

/** By the private authority of the bench. */
export async function issueFiles({ authority, write }: Bench): Promise<CertificateFiles> {
  const { cert, key } = authority.issue("localhost", "DNS:localhost");
  return {
    cert: await write("front.pem", cert),
    key: await write("front.key", key),
    both: await write("both.pem", `${cert}${key}`),
  };
}

/** For servers that do TLS, with a certificate for localhost from a private authority. */
export const tlsCases: Readonly<Record<string, ServerCase>> = {
  "over TLS, a private authority that is trusted lets in": async (world) => {
    const url = tlsUrl(world);
    const subject = await world.open("", { url, transport: world.transport({ ca: world.ca }) });
    await echoes(subject);
    world.note("TLS", "yes");
  },

  "over TLS, an authority that nobody knows is refused, and the error says why": async (world) => {
    same("code", await refusal(world, tlsUrl(world)), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  },

  "TLS where the server speaks none fails, and the error says why": async (world) => {
    const code = await refusal(world, world.target.url.replace("ws:", "wss:"));
    if (!/^(ERR_SSL_|EPROTO|ECONNRESET)/.test(code)) throw new Error(`It says: ${code}`);
  },
};

/** For the server that has certificates that are wrong. */
export const badCertificateCases: Readonly<Record<string, ServerCase>> = {
  "over TLS, a certificate that signed itself is refused, the error says why, and the client tries again": async (
    world,
  ) => {
    const url = `${world.target.selfSignedUrl ?? ""}/echo`;
    same("code", await refusal(world, url), "DEPTH_ZERO_SELF_SIGNED_CERT");
    const subject = await world.open("", { url, transport: world.transport({ rejectUnauthorized: false }) });
    await echoes(subject);
  },

  "over TLS, a certificate for another name is refused, and the error says why": async (world) => {
    same(
      "code",
      await refusal(world, `${world.target.misnamedUrl ?? ""}/echo`, world.ca),
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  },
};

/** What Node's own error says of a dial that fails; it must be tried again. */
async function refusal(world: World, url: string, ca?: string): Promise<string> {
  const subject = world.subject("", { url, transport: world.transport(ca === undefined ? {} : { ca }) });
  const { message, cause } = await subject.fails("DIAL_FAILED");
  same("state", subject.client.state.name, "waiting");
  if (!(cause instanceof Error && "code" in cause && message.includes(String(cause.code))))
    throw new Error(`There is no cause, or it is not said: ${message}`);
  await subject.fails("DIAL_FAILED");
  return String(cause.code);
}

function tlsUrl({ target }: World): string {
  if (target.tlsUrl === undefined) throw new Error("This server does no TLS");
  return `${target.tlsUrl}/echo`;
}
