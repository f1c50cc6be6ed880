import { BlockList, isIP } from 'node:net';

/** Which addresses beyond the public ones modules may reach. */
export interface AddressPolicy {
  /** This host and private networks. */
  readonly allowPrivate: boolean;
  /** Where clouds hand out a machine's credentials. */
  readonly allowMetadata: boolean;
}

/** IANA's special-purpose address registries: this host, private networks, link-local, shared, reserved. */
const privateAddresses = blockList(
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ],
  [
    ['::', 127],
    ['64:ff9b:1::', 48],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ],
);

/** Link-local ones, which Amazon, Google, Microsoft and most others use; and those of Alibaba, Oracle, Azure, Amazon and Google in IPv6. */
const metadataAddresses = blockList(
  [
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['192.0.0.192', 32],
    ['168.63.129.16', 32],
  ],
  [
    ['fe80::', 10],
    ['fd00:ec2::254', 128],
    ['fd20:ce::254', 128],
  ],
);

/** Why modules must not reach an address, a text for the module's author; undefined when they may, or when it is a name. */
export function refusalOf(address: string, { allowPrivate, allowMetadata }: AddressPolicy): string | undefined {
  const family = isIP(address);
  if (family === 0) return undefined;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (!allowMetadata && metadataAddresses.check(address, type)) {
    return 'is where clouds hand out credentials, and runtime.http_request_allow_metadata is off';
  }
  if (!allowPrivate && privateAddresses.check(address, type)) {
    return 'is a private address, and runtime.http_request_allow_private is off';
  }
  return undefined;
}

type Subnet = readonly [network: string, bits: number];

/** An IPv4 address in one of its IPv6 forms counts as itself: mapped (which the list does by itself), translated, 6to4. */
function blockList(ipv4: readonly Subnet[], ipv6: readonly Subnet[]): BlockList {
  const addresses = new BlockList();
  for (const [network, bits] of ipv4) {
    addresses.addSubnet(network, bits, 'ipv4');
    addresses.addSubnet(`::${network}`, 96 + bits, 'ipv6');
    addresses.addSubnet(`64:ff9b::${network}`, 96 + bits, 'ipv6');
    addresses.addSubnet(`2002:${hexPairs(network)}::`, 16 + bits, 'ipv6');
  }
  for (const [network, bits] of ipv6) addresses.addSubnet(network, bits, 'ipv6');
  return addresses;
}

function hexPairs(ipv4: string): string {
  const hex = Buffer.from(ipv4.split('.').map(Number)).toString('hex');
  return `${hex.slice(0, 4)}:${hex.slice(4)}`;
}
