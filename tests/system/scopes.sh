# SPDX-License-Identifier: MIT
# ECS scopes are as wide as the answers: of these members, of those of them that are up, and again soon after a
# flip. Without a choice the scope is 0.
. tests/system/lib.sh

write_config <<EOF
