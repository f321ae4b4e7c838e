using System.Buffers.Binary;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Follows the frames in what a server sends on a web socket, to know where one ends and another may begin. Writes need not be frames: a proxy passes on whatever has arrived.</summary>
internal struct WebSocketFraming
{
    private const int CloseOpcode = 8;

    private readonly byte[] _header = new byte[14];
    private int _headerLength;
    private ulong _payloadLeft;

    public WebSocketFraming()
    {
    }

    /// <summary>Whether the next byte begins a frame.</summary>
    public readonly bool IsAtBoundary => _headerLength == 0 && _payloadLeft == 0;

    /// <summary>Whether a close frame has gone by.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Follows the bytes up to the end of the frame that they are in.</summary>
    /// <returns>How many bytes belong to it; all of them where it does not end in them.</returns>
    public int FollowFrame(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (used < bytes.Length)
        {
            if (_payloadLeft > 0)
            {
                int taken = (int)Math.Min(_payloadLeft, (ulong)(bytes.Length - used));
                used += taken;
                _payloadLeft -= (ulong)taken;
            }
            else
            {
                _header[_headerLength++] = bytes[used++];
                if (_headerLength < HeaderSize()) continue;
                if ((_header[0] & 0x0F) == CloseOpcode) HasClosed = true;
                _payloadLeft = PayloadSize();
                _headerLength = 0;
            }

            if (IsAtBoundary) break;
        }

        return used;
    }

    private readonly int HeaderSize()
    {
        if (_headerLength < 2) return 2;
        int mask = (_header[1] & 0x80) != 0 ? 4 : 0;
        return (_header[1] & 0x7F) switch
        {
            126 => 4,
            127 => 10,
            _ => 2,
        } + mask;
    }

    private readonly ulong PayloadSize() => (_header[1] & 0x7F) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
        var length => (ulong)length,
    };
}
