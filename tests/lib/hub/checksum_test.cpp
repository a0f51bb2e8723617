#include "hub/checksum.h"

#include <doctest/doctest.h>

#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using vitrine::test::ScratchFolder;

// FIPS 180-2, appendix B, the first and the third example.
TEST_CASE("hub checksums: SHA-256 of the standard's examples") {
    const ScratchFolder scratch;
    CHECK(hub::sha256(scratch.write("abc", "abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hub::sha256(scratch.write("million", std::string(1000000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK_THROWS_AS(hub::sha256(scratch / "none"), FileError);
}

// `git hash-object` of the same bytes.
TEST_CASE("hub checksums: SHA-1 as git names a file") {
    const ScratchFolder scratch;
    CHECK(hub::git_sha1(scratch.write("empty", "")) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    CHECK(hub::git_sha1(scratch.write("hello", "hello\n")) ==
          "ce013625030ba8dba906f756967f9e9ca394464a");
    CHECK_THROWS_AS(hub::git_sha1(scratch / "none"), FileError);
}
