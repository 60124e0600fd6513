import { SaxesParser } from 'saxes';
import { reportLimits } from '../prescan.ts';
import type { Rec } from './untrusted.ts';

type Node = { name: string; attributes: Record<string, string>; children: Node[]; text: string };

/** Reads XML into a tree. No entities but the five of the standard: a document type was refused before. @throws Error when it is not well-formed */
function parseTree(text: string): Node {
  const parser = new SaxesParser({ xmlns: false });
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const open: Node[] = [root];
  parser.on('error', (error) => { throw error; });
  parser.on('doctype', () => { throw new Error('a document type'); });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > reportLimits.depth) throw new Error('too deep');
    const node: Node = { name: name.replace(/^.*:/, ''), attributes, children: [], text: '' };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => { open.pop(); });
  const add = (more: string): void => {
    const last = open.at(-1);
    if (last !== undefined) last.text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(text).close();
  const [first] = root.children;
  if (first === undefined) throw new Error('empty');
  return first;
}

const child = (node: Node | undefined, name: string): Node | undefined => node?.children.find((each) => each.name === name);
const all = (node: Node | undefined, name: string): Node[] => node?.children.filter((each) => each.name === name) ?? [];
/** Texts of the children that have none of their own, by name. */
const leaves = (node: Node | undefined): Record<string, unknown> => Object.fromEntries((node?.children ?? []).filter(({ children }) => children.length === 0).map(({ name, text }) => [name, text.trim()]));

const zapShape = (root: Node): Rec => ({
  '@version': root.attributes['version'], '@generated': root.attributes['generated'], created: root.attributes['created'],
  site: all(root, 'site').map((site) => ({
    '@name': site.attributes['name'],
    alerts: all(child(site, 'alerts'), 'alertitem').map((alert) => ({ ...leaves(alert), instances: all(child(alert, 'instances'), 'instance').map(leaves) })),
  })),
});

const component = (node: Node): Rec => ({ ...leaves(node), type: node.attributes['type'], 'bom-ref': node.attributes['bom-ref'], components: all(child(node, 'components'), 'component').map(component) });

const cycloneShape = (root: Node): Rec => {
  const metadata = child(root, 'metadata');
  const about = child(metadata, 'component');
  const tools = child(metadata, 'tools');
  return {
    bomFormat: 'CycloneDX', specVersion: /\/bom\/([\d.]+)/.exec(root.attributes['xmlns'] ?? '')?.[1],
    metadata: { timestamp: child(metadata, 'timestamp')?.text.trim(), component: about === undefined ? {} : component(about), tools: [...all(tools, 'tool'), ...all(child(tools, 'components'), 'component')].map(leaves) },
    components: all(child(root, 'components'), 'component').map(component),
    ...(child(root, 'vulnerabilities') !== undefined && { vulnerabilities: all(child(root, 'vulnerabilities'), 'vulnerability').map((row) => ({
      ...leaves(row), ratings: all(child(row, 'ratings'), 'rating').map(leaves), cwes: all(child(row, 'cwes'), 'cwe').map(({ text }) => text.trim()),
      references: all(child(row, 'references'), 'reference').map(leaves), analysis: leaves(child(row, 'analysis')),
      affects: all(child(row, 'affects'), 'target').map((target) => ({ ref: child(target, 'ref')?.text.trim(), versions: all(child(target, 'versions'), 'version').map(leaves) })),
    })) }),
  };
};

/** An XML report in the shape that its JSON sister has; null for XML that is no report. */
export function reportFromXml(text: string): Rec | null {
  const root = parseTree(text);
  if (root.name === 'OWASPZAPReport') return zapShape(root);
  return root.name === 'bom' && (root.attributes['xmlns'] ?? '').includes('cyclonedx.org') ? cycloneShape(root) : null;
}
