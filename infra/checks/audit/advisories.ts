import { z } from "zod";

const severity = z.enum(["info", "low", "moderate", "high", "critical"]);

/**
 * The parts of `npm audit --json` (report version 2) that are read here: `via` names another package, or an advisory.
 */
export const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          z.string(),
          z.object({ name: z.string(), title: z.string(), url: z.url(), severity, range: z.string() }),
        ]),
      ),
    }),
  ),
  metadata: z.object({ dependencies: z.object({ total: z.number().int().positive() }) }),
});

export type AuditReport = z.output<typeof reportSchema>;

/** Advisories that do not apply here. Each states the reason, and a date for its next review. */
export const exceptionsSchema = z.array(
  z.strictObject({
    advisory: z
      .string()
      .regex(/^GHSA(-[0-9a-z]{4}){3}$/, "an id of GitHub's advisories, GHSA-xxxx-xxxx-xxxx"),
    package: z.string().min(1),
    reason: z.string().min(30, "say why it does not apply"),
    expires: z.iso.date(),
  }),
);

export type Exceptions = z.output<typeof exceptionsSchema>;

export interface Advisory {
  /** The last part of its address, `GHSA-…` at GitHub. */
  readonly id: string;
  readonly package: string;
  readonly severity: z.output<typeof severity>;
  readonly title: string;
  readonly range: string;
  readonly url: string;
}

/** The advisories of a report, each once per package; packages that merely depend on those are left out. */
export function advisoriesOf({ vulnerabilities }: AuditReport): Advisory[] {
  const found = new Map<string, Advisory>();
  for (const via of Object.values(vulnerabilities).flatMap((each) => each.via)) {
    if (typeof via === "string") continue;
    const id = new URL(via.url).pathname.split("/").at(-1) ?? "";
    const { name, title, url, range } = via;
    found.set(`${id} ${name}`, { id, package: name, severity: via.severity, title, range, url });
  }
  return [...found.values()];
}

export interface Verdict {
  /** Advisories without a valid exception: the audit fails. */
  readonly open: readonly (Advisory & { readonly expired?: string })[];
  readonly excepted: readonly Advisory[];
  /** Exceptions without an advisory. */
  readonly unused: Exceptions;
}

/** @param today `YYYY-MM-DD`; an exception is still valid on its last day */
export function judge(advisories: readonly Advisory[], exceptions: Exceptions, today: string): Verdict {
  const of = (advisory: Advisory) =>
    exceptions.find((each) => each.advisory === advisory.id && each.package === advisory.package);
  const open = advisories.flatMap((advisory) => {
    const exception = of(advisory);
    if (exception === undefined) return [advisory];
    return exception.expires < today ? [{ ...advisory, expired: exception.expires }] : [];
  });
  const excepted = advisories.filter(
    (advisory) => !open.some(({ id, package: name }) => isOf(advisory, id, name)),
  );
  const unused = exceptions.filter(
    (each) => !advisories.some((one) => isOf(one, each.advisory, each.package)),
  );
  return { open, excepted, unused };
}

const isOf = (advisory: Advisory, id: string, name: string) =>
  advisory.id === id && advisory.package === name;
