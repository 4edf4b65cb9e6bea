/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses are public, and how they are written. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "net/address.h"

static void public_or_not(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_public;
    } rows[] = {
        {"93.184.216.34", true},
        {"8.8.8.8", true},
        {"1.1.1.1", true},
        {"9.255.255.255", true},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.128.0.0", true},
        {"172.15.255.255", true},
        {"172.32.0.0", true},
        {"192.167.255.255", true},
        {"192.169.0.0", true},
        {"198.17.255.255", true},
        {"198.20.0.0", true},
        {"223.255.255.255", true},
        {"0.0.0.0", false},
        {"0.1.2.3", false},
        {"10.0.0.1", false},
        {"10.255.255.255", false},
        {"100.64.0.0", false},
        {"100.100.100.200", false},
        {"100.127.255.255", false},
        {"127.0.0.1", false},
        {"127.255.0.9", false},
        {"168.63.129.16", false},
        {"168.63.129.17", true},
        {"169.254.169.254", false},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"192.0.0.192", false},
        {"192.0.2.7", false},
        {"192.88.99.1", false},
        {"192.168.1.1", false},
        {"198.18.0.1", false},
        {"198.19.255.255", false},
        {"198.51.100.3", false},
        {"203.0.113.3", false},
        {"224.0.0.1", false},
        {"239.255.255.250", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"2606:2800:220:1::1", true},
        {"2a00:1450:4001::64", true},
        {"3ffe::1", true},
        {"::", false},
        {"::1", false},
        {"::8.8.8.8", false},
        {"::ffff:8.8.8.8", true},
        {"::ffff:127.0.0.1", false},
        {"::ffff:169.254.169.254", false},
        {"::ffff:0:8.8.8.8", false},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b::10.0.0.1", false},
        {"64:ff9b::7f00:1", false},
        {"64:ff9b:1::8.8.8.8", false},
        {"100::1", false},
        {"2001::1", false},
        {"2001:20::1", false},
        {"2001:200::1", true},
        {"2001:db8::1", false},
        {"2002:808:808::1", false},
        {"2002:7f00:1::1", false},
        {"3fff::1", false},
        {"3fff:1000::1", true},
        {"4000::1", false},
        {"5f00::1", false},
        {"fc00::1", false},
        {"fd00:ec2::254", false},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_address address;
        char text[DH_ADDRESS_SIZE];
        if (!dh_address_read(dh_slice_cstr(rows[i].text), &address))
            fail_msg("%s is not read", rows[i].text);
        if (dh_address_is_public(&address) != rows[i].is_public) fail_msg("%s", rows[i].text);
        /* There and back, by text and by socket address. */
        dh_address again, socket;
        struct sockaddr_storage storage;
        assert_true(dh_address_read(dh_slice_cstr(dh_address_print(&address, text)), &again));
        assert_memory_equal(&address, &again, sizeof address);
        address.port = 8080;
        assert_true(dh_address_to_socket(&address, &storage) > 0);
        assert_true(dh_address_from_socket((struct sockaddr *)&storage, &socket));
        assert_memory_equal(&address, &socket, sizeof address);
    }
    dh_address none = {0};
    assert_false(dh_address_is_public(&none));
}

static void odd_spellings_are_no_addresses(void **state) {
    (void)state;
    static const char *const rows[] = {"",           "0x7f.1",     "2130706433", "127.1",
                                       "0177.0.0.1", "127.0.0.1 ", "1.2.3.4.5",  "fe80::1%eth0",
                                       "[::1",       "localhost",  "256.1.1.1",  "::ffff:1.2.3"};
    dh_address address;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (dh_address_read(dh_slice_cstr(rows[i]), &address)) fail_msg("%s", rows[i]);
    assert_true(dh_address_read(DH_SLICE("[::1]"), &address));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_or_not),
        cmocka_unit_test(odd_spellings_are_no_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
