//! Keys that look sound and are not: somebody else can sign for them.

/// The odd ones of the 39 primes that the weak chips built their smallest keys on; larger keys were
/// built on these and more.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether an RSA modulus was made by chips whose primes can be found (CVE-2017-15361).
///
/// Those primes are powers of 65537 modulo many small primes, and so is their product. A sound
/// modulus passes for one of them once in 2^27.
///
/// Source: Nemec and others, "The Return of Coppersmith's Attack", 2017, section 3.
pub(super) fn from_weak_chip(modulus: &[u8]) -> bool {
    PRIMES.into_iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        is_power_of_65537(rest, prime)
    })
}

fn is_power_of_65537(number: u32, prime: u32) -> bool {
    let mut power = 1;
    loop {
        if power == number {
            return true;
        }
        power = power * 65537 % prime;
        if power == 1 {
            return false;
        }
    }
}

/// The y of every point of small order on Ed25519's curve, little-endian, and the two that stand
/// for 0 and 1 once more because they are not reduced.
const SMALL_ORDER: [[u8; 32]; 7] = [
    y(0x00, 0x00, 0x00),
    y(0x01, 0x00, 0x00),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
    y(0xec, 0xff, 0x7f),
    y(0xed, 0xff, 0x7f),
    y(0xee, 0xff, 0x7f),
];

const fn y(first: u8, between: u8, last: u8) -> [u8; 32] {
    let mut bytes = [between; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

/// Whether an Ed25519 key is a point of small order. Such a point multiplied by the hash of a message
/// is one of eight points, so that a signature is found without any private key; the verification of
/// RFC 8032 section 5.1.7 does not refuse it.
pub(super) fn of_small_order(point: &[u8]) -> bool {
    // The highest bit is the sign of x.
    let Some((last, rest)) = point.split_last() else { return true };
    SMALL_ORDER.iter().any(|y| y.split_last() == Some((&(last & 0x7f), rest)))
}
