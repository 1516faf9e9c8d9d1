// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IRecoveryCodeVerifier} from "../interfaces/IRecoveryCodeVerifier.sol";

/// @title RecoveryCodeVerifier
/// @notice Recovery codes as a guardian, and which of them are used up.
/// @dev
/// *Trust*: none. Whoever calls {consume} writes into a namespace of its own: a stranger who sees a code's signature
/// can spend it in his own namespace only, where nobody looks.
/// *Checks*: the signature is by the key of the code, with low s and v 27/28; the code is in the set, at its index;
/// every length is exact; a code counts once per module, account and set.
/// *Not checked*: that an account has this set as guardian, and that `hash` names the account: both are the module's
/// to know. That the codes of a set differ: equal ones harm only who made the set.
/// *Storage*: one word per module, account and set with a spent code: a bit per code. Never cleared.
contract RecoveryCodeVerifier is IRecoveryCodeVerifier {
    uint256 internal constant MAX_CODES = 16;

    uint256 private constant KEY_SIZE = 33;
    /// @dev Where the siblings begin: after index and ECDSA signature.
    uint256 private constant SIBLINGS = 66;
    bytes4 private constant VALID = IERC7913SignatureVerifier.verify.selector;
    bytes4 private constant INVALID = 0xffffffff;

    mapping(address module => mapping(address account => mapping(bytes32 root => uint256 bitmap))) private _spent;

    /// @inheritdoc IERC7913SignatureVerifier
    /// @dev The code may be spent: this is for drills. Never reverts, whatever the three are.
    function verify(bytes calldata key, bytes32 hash, bytes calldata signature) external pure returns (bytes4) {
        return _codeOf(key, hash, signature) == 0 ? INVALID : VALID;
    }

    /// @inheritdoc IRecoveryCodeVerifier
    function verifyFor(
        address module,
        address account,
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        uint256 code = _codeOf(key, hash, signature);
        if (code == 0 || _spent[module][account][bytes32(key)] & code != 0) return INVALID;
        return VALID;
    }

    /// @inheritdoc IRecoveryCodeVerifier
    function consume(
        address account,
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external returns (bytes4) {
        uint256 code = _codeOf(key, hash, signature);
        if (code == 0) return INVALID;
        bytes32 root = bytes32(key);
        uint256 spent = _spent[msg.sender][account][root];
        if (spent & code != 0) return INVALID;

        spent |= code;
        _spent[msg.sender][account][root] = spent;
        emit CodeSpent(account, msg.sender, root, uint8(signature[0]), _left(spent, uint8(key[32])));
        return VALID;
    }

    /// @inheritdoc IRecoveryCodeVerifier
    function spentOf(address module, address account, bytes32 root) external view returns (uint256) {
        return _spent[module][account][root];
    }

    /// @dev The code of the set `key` that signed `hash`, as its bit; 0 if none did or anything is malformed.
    function _codeOf(bytes calldata key, bytes32 hash, bytes calldata signature) private pure returns (uint256) {
        if (key.length != KEY_SIZE || signature.length < SIBLINGS) return 0;
        uint256 count = uint8(key[32]);
        uint256 index = uint8(signature[0]);
        // No index is below a count of 0.
        if (count > MAX_CODES || index >= count) return 0;

        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(hash, signature[1:SIBLINGS]);
        if (problem != ECDSA.RecoverError.NoError) return 0;
        bytes32 leaf = keccak256(abi.encodePacked(bytes1(0x00), signature[0], signer));
        return _leadsTo(bytes32(key), leaf, index, count, signature[SIBLINGS:]) ? 1 << index : 0;
    }

    /// @dev True if `siblings` are exactly those on the way from the leaf at `index` to `root`; at most four.
    function _leadsTo(
        bytes32 root,
        bytes32 node,
        uint256 index,
        uint256 count,
        bytes calldata siblings
    ) private pure returns (bool) {
        uint256 cursor = 0;
        for (uint256 width = count; width > 1; width = (width + 1) / 2) {
            bool hasPartner = (index ^ 1) < width;
            if (hasPartner) {
                if (siblings.length < cursor + 32) return false;
                node = _parent(node, bytes32(siblings[cursor:cursor + 32]));
                cursor += 32;
            }
            index /= 2;
        }
        return cursor == siblings.length && node == root;
    }

    function _parent(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return
            a < b ? keccak256(abi.encodePacked(bytes1(0x01), a, b)) : keccak256(abi.encodePacked(bytes1(0x01), b, a));
    }

    /// @dev How many of `count` codes are not in `spent`.
    function _left(uint256 spent, uint256 count) private pure returns (uint8 left) {
        for (uint256 i = 0; i < count; ++i) if ((spent >> i) & 1 == 0) ++left;
    }
}
