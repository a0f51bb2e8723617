// One file of the hub becomes a blob of the cache: resumed where it was cut, whole and verified
// before it gets its name.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "hub/cache.h"
#include "hub/client.h"

namespace vitrine::hub {

/// Called with the number of bytes that came; negative where what was there had to be thrown away.
using Came = std::function<void(std::int64_t bytes)>;

/// Bytes of a file that need not be downloaded any more.
std::int64_t bytes_here(const Cache& cache, const RemoteFile& file);

/// Downloads a file unless its blob is there. Several threads and programs may do so at once: one
/// downloads, the others wait and find it.
///
/// What has come is kept, to go on from there, when the connection is cut, a stop is asked for or
/// the disk is full. It is thrown away when size or checksum are wrong; what an earlier command
/// left is then downloaded anew once.
///
/// @throws Error, FileError, Stopped
void fetch_blob(Client& client, const Cache& cache, const std::string& commit,
                const RemoteFile& file, const Settings& settings, const Came& came,
                const std::stop_token& stop);

}  // namespace vitrine::hub
