import { expect, test } from 'vitest'
import { listAddresses } from './addresses.ts'

const at = (name: string, address: string, internal = false) => ({
  name,
  address,
  internal,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
})

test('loopback only, unless the LAN was asked for', () => {
  expect(listAddresses(4455, false, [at('eth0', '192.168.1.5')])).toEqual(['ws://127.0.0.1:4455'])
})

test('the home network first, then others, then what is virtual, loopback last; no link-local', () => {
  const own = [
    at('lo', '127.0.0.1', true),
    at('docker0', '172.17.0.1'),
    at('eth1', '203.0.113.9'),
    at('wlan0', 'fe80::1'),
    at('wlan0', '2001:db8::5'),
    at('wlan0', '192.168.1.5'),
    at('eth2', '172.32.0.1'),
  ]
  expect(listAddresses(80, true, own)).toEqual([
    'ws://192.168.1.5:80',
    'ws://203.0.113.9:80',
    'ws://172.32.0.1:80',
    'ws://[2001:db8::5]:80',
    'ws://172.17.0.1:80',
    'ws://127.0.0.1:80',
  ])
})
