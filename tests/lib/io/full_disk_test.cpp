// A disk that is full: what was there stays, nothing half written stays beside it, and the message
// says why.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "file_size_limit.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "io/safetensors.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;

namespace {

constexpr std::size_t room = std::size_t{64} << 10U;  // bytes of the small disk

/// A file system of 64 KiB in memory, if this user may mount one.
class SmallDisk {
   public:
    SmallDisk() : mounted_(::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=64k") == 0) {}
    ~SmallDisk() {
        if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    const std::filesystem::path& path() const { return folder_.path(); }

   private:
    test::ScratchFolder folder_;
    bool mounted_ = false;
};

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
}

/// Writes more into the folder than it has room for, over files that are there.
void old_files_stay(const std::filesystem::path& folder, int reason) {
    const auto tensors = folder / "a.safetensors", text = folder / "a.txt";
    write_safetensors(tensors, {{"a", to_write(std::vector<float>{1, 2}, {2})}});
    write_text_file(text, "old");

    const std::vector<float> many(room, 0.5F);  // four times the room
    const auto size = static_cast<Index>(many.size());
    CHECK_THROWS_WITH_AS(write_safetensors(tensors, {{"a", to_write(many, {size})}}),
                         doctest::Contains(std::strerror(reason)), FileError);
    CHECK_THROWS_WITH_AS(write_text_file(text, std::string(2 * room, 'x')),
                         doctest::Contains("nothing was changed"), FileError);

    CHECK(TensorFile::open(tensors).at("a").floats() == std::vector<float>{1, 2});
    CHECK(read_file(text, 100) == "old");
    CHECK(files_in(folder) == 2);  // no temporary file is left
    write_text_file(text, "new");  // and there is room again
    CHECK(read_file(text, 100) == "new");
}

}  // namespace

TEST_CASE("full disk: safetensors and texts leave the old file, and say that there is no room") {
    const SmallDisk disk;
    if (!disk.mounted()) {
        MESSAGE("not root: no small disk can be mounted; the limit on a file's size stands in");
        return;
    }
    old_files_stay(disk.path(), ENOSPC);
}

TEST_CASE("full disk: a file that may not grow is left as it was, too") {
    const test::ScratchFolder folder;
    const test::FileSizeLimit limit(room);
    old_files_stay(folder.path(), EFBIG);
}

TEST_CASE("full disk: without room for even one byte, a new file does not appear") {
    const SmallDisk disk;
    if (!disk.mounted()) return;
    {
        std::ofstream filler(disk.path() / "filler", std::ios::binary);
        filler << std::string(2 * room, 'x');
    }
    CHECK_THROWS_AS(write_text_file(disk.path() / "new.txt", "x"), FileError);
    CHECK_FALSE(std::filesystem::exists(disk.path() / "new.txt"));
    CHECK(files_in(disk.path()) == 1);
}
