// SPDX-License-Identifier: MIT
/*
 * protocol - the numbers of the DNS that the answer path speaks of (IANA "Domain Name System Parameters").
 */
#pragma once

enum protocol_sizes {
    HEADER_SIZE = 12,       /* RFC 1035 section 4.1.1 */
    OPT_SIZE = 11,          /* an OPT record without options, RFC 6891 section 6.1.2 */
    RECORD_FIXED_SIZE = 12, /* compressed owner, type, class, TTL, RDLENGTH */
    UDP_SIZE_PLAIN = 512,   /* RFC 1035 section 4.2.1 */
    UDP_SIZE_EDNS = 1232,   /* what passes every path unfragmented, RFC 9715 */
    TCP_SIZE = 65535,
    POINTER = 0xc000, /* compression pointer, RFC 1035 section 4.1.4 */
    POINTER_REACH = 0x3fff,
};

enum protocol_flags {
    FLAG_QR = 0x8000,
    FLAG_AA = 0x0400,
    FLAG_TC = 0x0200,
    FLAG_RD = 0x0100,
    FLAGS_OPCODE = 0x7800,
    EDNS_FLAG_DO = 0x8000,
};

enum protocol_opcode {
    OPCODE_QUERY = 0,
};

enum protocol_rcode {
    RCODE_NOERROR = 0,
    RCODE_FORMERR = 1,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    RCODE_YXDOMAIN = 6,
    RCODE_NOTAUTH = 9,    /* RFC 2136 section 2.2 */
    RCODE_BADVERS = 16,   /* RFC 6891 section 9 */
    RCODE_BADCOOKIE = 23, /* RFC 7873 section 8 */
};

enum protocol_type {
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_OPT = 41,
    TYPE_META_FIRST = 128, /* to 255: not data but requests, RFC 6895 section 3.1 */
    TYPE_TKEY = 249,
    TYPE_TSIG = 250,
    TYPE_IXFR = 251,
    TYPE_AXFR = 252,
    TYPE_MAILB = 253,
    TYPE_MAILA = 254,
    TYPE_ANY = 255,
    TYPE_META_LAST = 255,
};

enum protocol_class {
    CLASS_IN = 1,
    CLASS_CH = 3,
};

enum protocol_option {
    OPTION_NSID = 3,           /* RFC 5001 */
    OPTION_CLIENT_SUBNET = 8,  /* RFC 7871 */
    OPTION_COOKIE = 10,        /* RFC 7873 */
    OPTION_TCP_KEEPALIVE = 11, /* RFC 7828 */
    OPTION_PADDING = 12,       /* RFC 7830 */
    OPTION_ERROR = 15,         /* RFC 8914 */
};

/* INFO-CODE of an extended DNS error, RFC 8914 section 4. */
enum protocol_error {
    ERROR_PROHIBITED = 18,
    ERROR_NOT_AUTHORITATIVE = 20,
    ERROR_NOT_SUPPORTED = 21,
    ERROR_INVALID_QUERY_TYPE = 30, /* RFC 9824 section 10 */
};
