using System.Net.Sockets;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>What one client keeps open: at most one connection to each instance. It sends to one instance until that refuses, or until it is told to turn to another.</summary>
internal sealed class ClientConnections(IReadOnlyList<int> ports, Action refused) : IDisposable
{
    private readonly KeepAliveConnection?[] _open = new KeepAliveConnection?[ports.Count];
    private int _instance;

    public void Turn(int instance) => _instance = instance % ports.Count;

    /// <summary>The connection for the next request. One that is seen to be closed is replaced, as every client does; where an instance refuses, the next one is asked, until all have refused.</summary>
    public async Task<KeepAliveConnection> OpenAsync()
    {
        for (var refusals = 1; ; refusals++)
        {
            if (_open[_instance] is { IsClosed: true })
                Drop();
            try
            {
                return _open[_instance] ??= await KeepAliveConnection.OpenAsync(ports[_instance]);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && refusals < ports.Count)
            {
                refused();
                _instance = (_instance + 1) % ports.Count;
            }
        }
    }

    /// <summary>Closes the connection that was used last.</summary>
    public void Drop()
    {
        _open[_instance]?.Dispose();
        _open[_instance] = null;
    }

    public void Dispose()
    {
        foreach (var connection in _open)
            connection?.Dispose();
    }
}
