import * as z from 'zod/mini';
import type { Part } from '../../contract/openapi-schemas.ts';
import { type Html, html } from '../../domain/html.ts';
import type { Answer } from '../http/reply.ts';
import { docsLayout, type Way } from './docs-layout.ts';
import { type Guide, guideBody } from './guide.ts';

/** The documentation as pages: no script, nothing from elsewhere. One lists guides and operations, one shows a guide, one the operations of a group. */

const Schema = z.looseObject({});
const Content = z.record(z.string(), z.looseObject({ schema: Schema, example: z.optional(z.unknown()) }));
const Answered = z.looseObject({ description: z.optional(z.string()), content: z.optional(Content) });
const Parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z._default(z.boolean(), false),
  description: z.string(),
  schema: Schema,
});
const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  parameters: z.array(Parameter),
  requestBody: z.optional(z.looseObject({ required: z.boolean(), content: Content })),
  responses: z.record(z.string(), Answered),
});
type Operation = z.infer<typeof Operation>;
type Schemas = { readonly [name: string]: Part };

/** What of the OpenAPI document the pages show. */
const Document = z.looseObject({
  info: z.looseObject({ title: z.string(), description: z.string() }),
  tags: z.array(z.looseObject({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), Schema) }),
});

type Placed = { readonly method: string; readonly path: string; readonly operation: Operation };
type Read = z.infer<typeof Document> & { readonly operations: readonly Placed[] };

const read = (document: Part): Read => {
  const parsed = z.parse(Document, document);
  const operations = Object.entries(parsed.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return { ...parsed, operations };
};

const slug = (tag: string): string => tag.replaceAll(' ', '-');
const groupOf = ({ operations }: Read, tag: string): readonly Placed[] =>
  operations.filter(({ operation }) => operation.tags.includes(tag));

/** The guides, and the groups of operations, each with a line for every operation. */
export function docsPage(document: Part, guides: readonly Guide[]): Answer {
  const found = read(document);
  const groups = found.tags.map(
    ({ name, description }) => html`<h2><a href="/docs/${slug(name)}">${name}</a></h2>
<p>${description}</p>
<ul>${groupOf(found, name).map(({ method, path, operation }) => html`<li><a href="/docs/${slug(name)}#${operation.operationId}"><code>${method} ${path}</code></a><br>${operation.summary}</li>\n`)}</ul>
`,
  );
  const listed = guides.map(
    ({ name, title, says }) => html`<li><a href="${guidePath(name)}">${title}</a><br>${says}</li>\n`,
  );
  const body = html`<ul>${listed}</ul>
<h2>The API</h2>
<p>${inWords(found.info.description)}</p>
<p>For programs: <a href="/openapi.json">openapi.json</a>, OpenAPI 3.1.</p>
${groups}`;
  return docsLayout({
    title: `${found.info.title} documentation`,
    here: '/docs',
    ...ways(found, guides),
    body,
  });
}

/** One guide; `undefined` where there is none of that name. */
export function docsGuidePage(document: Part, guides: readonly Guide[], name: string): Answer | undefined {
  const guide = guides.find((one) => one.name === name);
  if (guide === undefined) return undefined;
  const body = guideBody(guide);
  return docsLayout({ title: guide.title, here: guidePath(name), ...ways(read(document), guides), body });
}

const guidePath = (name: string): string => `/docs/guides/${name}`;

/** What every page leads to. */
const ways = ({ tags }: Read, guides: readonly Guide[]) => ({
  guides: guides.map(({ name, title }): Way => ({ to: guidePath(name), name: title })),
  groups: tags.map(({ name }): Way => ({ to: `/docs/${slug(name)}`, name })),
});

/** The operations of one group in full, and the schemas that they use; `undefined` where there is no such group. */
export function docsGroupPage(document: Part, guides: readonly Guide[], group: string): Answer | undefined {
  const found = read(document);
  const tag = found.tags.find(({ name }) => slug(name) === group);
  if (tag === undefined) return undefined;
  const placed = groupOf(found, tag.name);
  const { schemas } = found.components;
  const used = namesIn(placed, schemas);
  const body = html`<p>${tag.description}</p>
${placed.map(operationInFull)}
<h2>Schemas</h2>
${used.map((name) => schemaInFull(name, schemas[name] ?? {}))}`;
  return docsLayout({ title: tag.name, here: `/docs/${group}`, ...ways(found, guides), body });
}

function operationInFull({ method, path, operation }: Placed): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return html`<article id="${operationId}"><h2>${summary}</h2>
<p><code>${method} ${path}</code></p>
<p>${inWords(description)}</p>
${
  parameters.length === 0
    ? undefined
    : html`<div class="wide-box" tabindex="0"><table><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Meaning</th></tr>
${parameters.map((one) => html`<tr><th scope="row"><code>${one.name}</code></th><td>${one.in}${one.required ? ', required' : ''}</td><td>${inWords(one.description)} ${typeInWords(one.schema)}</td></tr>\n`)}</table></div>`
}
${requestBody === undefined ? undefined : html`<p>Body${requestBody.required ? '' : ' (may be absent)'}: ${contentInFull(requestBody.content)}</p>`}
<div class="wide-box" tabindex="0"><table><tr><th scope="col">Status</th><th scope="col">Answer</th></tr>
${Object.entries(responses).map(([status, one]) => html`<tr><th scope="row">${status}</th><td>${inWords(one.description ?? 'Too many requests.')} ${contentInFull(one.content ?? {})}</td></tr>\n`)}</table></div></article>
`;
}

function contentInFull(content: z.infer<typeof Content>): readonly Html[] {
  return Object.entries(content).map(([type, { schema, example }]) => {
    const shown =
      example === undefined
        ? undefined
        : html`<pre tabindex="0"><code>${JSON.stringify(example, null, 2)}</code></pre>`;
    return html`<code>${type}</code>: ${typeInWords(schema)}${shown} `;
  });
}

function schemaInFull(name: string, schema: Part): Html {
  const members = isPart(schema['properties']) ? Object.entries(schema['properties']) : [];
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const said =
    typeof schema['description'] === 'string' ? html`<p>${inWords(schema['description'])}</p>` : undefined;
  const table = html`<div class="wide-box" tabindex="0"><table>${members.map(([member, one]) => html`<tr><th scope="row"><code>${member}</code>${required.includes(member) ? '' : ' (optional)'}</th><td>${typeInWords(one)}</td></tr>\n`)}</table></div>`;
  return html`<h3 id="schema-${name}">${name}</h3>
${said}${members.length === 0 ? html`<p>${typeInWords(schema)}</p>` : table}`;
}

/** The type of a schema in words, with a link for each schema that has a name. */
function typeInWords(schema: unknown): Html {
  if (!isPart(schema)) return html`anything`;
  const { $ref, type, items, format } = schema;
  if (typeof $ref === 'string') {
    const name = nameOf($ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if ('const' in schema) return html`<code>${JSON.stringify(schema['const'])}</code>`;
  if (Array.isArray(schema['enum']))
    return html`<code>${schema['enum'].map((one) => JSON.stringify(one)).join(' | ')}</code>`;
  const forms = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(forms))
    return html`${forms.map((one, at) => html`${at === 0 ? '' : ' or '}${typeInWords(one)}`)}`;
  if (type === 'array') return html`list of ${typeInWords(items)}`;
  if (type === 'object' && isPart(schema['additionalProperties']))
    return html`object of ${typeInWords(schema['additionalProperties'])}`;
  const bounds = ['minLength', 'maxLength', 'minimum', 'maximum', 'pattern', 'default'].flatMap((name) =>
    schema[name] === undefined ? [] : [` ${name} ${String(schema[name])}`],
  );
  return html`${typeof type === 'string' ? type : 'anything'}${typeof format === 'string' ? ` (${format})` : ''}${bounds.join(',')}`;
}

/** The names of the schemas that operations use, and of those that these use. */
function namesIn(placed: readonly Placed[], schemas: Schemas): readonly string[] {
  const found = new Set<string>();
  let wave: unknown[] = placed.map(({ operation }) => operation);
  while (wave.length > 0) {
    const fresh = [...new Set(referencesIn(wave))].filter((name) => !found.has(name) && name in schemas);
    for (const name of fresh) found.add(name);
    wave = fresh.map((name) => schemas[name]);
  }
  return [...found].sort();
}

const referencesIn = (parts: readonly unknown[]): readonly string[] =>
  [...JSON.stringify(parts).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text in which what stands between backticks is code. */
const inWords = (text: string): Html =>
  html`${text.split('`').map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`))}`;
