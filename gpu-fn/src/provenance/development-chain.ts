import { webcrypto } from "node:crypto";
import "reflect-metadata"; // @peculiar/x509 needs it before its own first line
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** E-mail protection, the usage that every version of C2PA accepts for signing claims (C2PA 2.1, § 14.5.1). */
const CLAIM_SIGNING = "1.3.6.1.5.5.7.3.4";

/** A chain that only its maker trusts, and its leaf's key, as PEM. */
export interface DevelopmentChain {
  /** The leaf first, then the root. */
  readonly certificates: string;
  /** Only the root, with which anyone can verify what the chain signed. */
  readonly root: string;
  /** PKCS #8, ES256. */
  readonly privateKey: string;
}

/**
 * Makes a root and a leaf that signs content credentials, for development. A production key comes from an authority
 * on the C2PA trust list.
 * @param name common name of the leaf
 * @param days validity of both from now
 */
export async function developmentChain(name: string, days = 3650): Promise<DevelopmentChain> {
  const crypto = webcrypto;
  cryptoProvider.set(crypto);
  const pair = () => crypto.subtle.generateKey(ES256, true, ["sign", "verify"]);
  const [ca, leaf] = [await pair(), await pair()];
  // the certificate must already be valid on a machine whose clock is slightly behind
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(notBefore.getTime() + days * 86_400_000);
  const shared = { notBefore, notAfter, signingAlgorithm: ES256, signingKey: ca.privateKey };
  const issuer = "CN=Development root, O=Flux-Sculptor development";

  const root = await X509CertificateGenerator.create(
    {
      ...shared,
      subject: issuer,
      issuer,
      publicKey: ca.publicKey,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(ca.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  const signer = await X509CertificateGenerator.create(
    {
      ...shared,
      subject: `CN=${name}, O=Flux-Sculptor development`,
      issuer,
      publicKey: leaf.publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([CLAIM_SIGNING], false),
        await AuthorityKeyIdentifierExtension.create(ca.publicKey, false, crypto),
        await SubjectKeyIdentifierExtension.create(leaf.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", leaf.privateKey);
  return {
    certificates: `${signer.toString("pem")}\n${root.toString("pem")}\n`,
    root: `${root.toString("pem")}\n`,
    privateKey: `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`,
  };
}
