using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The close frame stands between frames, never within one, however the writes cut them.</summary>
public sealed class WebSocketStreamTests
{
    private static readonly byte[] Close = [0x88, 0x02, 0x03, 0xE9];

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(300)]
    [InlineData(70_000)]
    public async Task TheCloseFrameWaitsForTheEndOfAFrameThatIsBeingSent(int payload)
    {
        byte[] frame = Frame(payload);
        foreach (int cut in new[] { 1, 2, frame.Length / 2, frame.Length - 1 }.Where(c => c > 0 && c < frame.Length).Distinct())
        {
            using var sent = new MemoryStream();
            await using var stream = new WebSocketStream(sent);
            await stream.WriteAsync(Frame(3));
            await stream.WriteAsync(frame.AsMemory(0, cut));
            await stream.SendCloseAsync();
            Assert.Equal([.. Frame(3), .. frame[..cut]], sent.ToArray());
            // The rest of the frame, and one more that nobody may see.
            await stream.WriteAsync((byte[])[.. frame[cut..], .. Frame(4)]);
            await stream.WriteAsync(Frame(5));
            Assert.Equal([.. Frame(3), .. frame, .. Close], sent.ToArray());
        }
    }

    [Fact]
    public async Task BetweenFramesItIsSentAtOnceAndOnce()
    {
        using var sent = new MemoryStream();
        await using var stream = new WebSocketStream(sent);
        await stream.SendCloseAsync();
        await stream.SendCloseAsync();
        Assert.Equal(Close, sent.ToArray());
    }

    [Fact]
    public async Task TheApplicationsOwnCloseFrameIsTheOnlyOne()
    {
        byte[] own = [0x88, 0x02, 0x03, 0xE8];
        using var sent = new MemoryStream();
        await using var stream = new WebSocketStream(sent);
        await stream.WriteAsync(own);
        await stream.SendCloseAsync();
        Assert.Equal(own, sent.ToArray());
    }

    private static byte[] Frame(int payload)
    {
        byte[] header = payload switch
        {
            < 126 => [0x82, (byte)payload],
            < 65536 => [0x82, 126, (byte)(payload >> 8), (byte)payload],
            _ => [0x82, 127, 0, 0, 0, 0, (byte)(payload >> 24), (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload],
        };
        return [.. header, .. Enumerable.Repeat((byte)0x88, payload)];
    }
}
